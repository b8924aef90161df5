import { firstTextOf, textOf } from "../machine-source.ts";
import { type Look, one, several } from "../finding.ts";
import type { ComponentName } from "../rules/component-weights.ts";
import { cloudInstance } from "./cloud-instance.ts";
import { dmiPath } from "./dmi.ts";
import { networkCards } from "./network-cards.ts";
import { rootDisk } from "./root-disk.ts";

/** How each component is found on Linux: in files alone. */
export const LINUX_COMPONENTS = {
  "machine-id": async (source) =>
    one(await firstTextOf(source, ["/etc/machine-id", "/var/lib/dbus/machine-id"])),
  "product-uuid": firmware("product_uuid"),
  "board-serial": firmware("board_serial"),
  "root-disk": async (source) => one(await rootDisk(source)),
  mac: async (source) => several(await networkCards(source)),
  "cloud-instance": async (source) => one(await cloudInstance(source)),
  cpu: async (source) => one(processorOf((await textOf(source, "/proc/cpuinfo")) ?? "")),
  hostname: async (source) => one(await textOf(source, "/proc/sys/kernel/hostname")),
} as const satisfies Record<Exclude<ComponentName, "kubernetes-cluster">, Look>;

/** A field of the firmware's that only root may read. */
function firmware(field: string): Look {
  return async (source) => {
    const reading = await source.read(dmiPath(field));
    if (reading.kind === "denied") return "denied";
    return one(reading.kind === "text" ? reading.text.toLowerCase() : undefined);
  };
}

/** Of an ARM processor nothing is told but numbers. */
function processorOf(cpuinfo: string): string | undefined {
  const said = (key: string) => new RegExp(`^${key}\\s*: *(.+)$`, "m").exec(cpuinfo)?.[1]?.trim();
  const name = said("model name");
  if (name !== undefined) return name;
  const numbers = ["CPU implementer", "CPU part", "CPU variant"].map(said);
  return numbers.every((number) => number !== undefined) ? numbers.join(" ") : undefined;
}
