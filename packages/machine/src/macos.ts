import { hypervisorSaidBy } from "./hypervisor-tables.ts";
import type { MachineSource } from "./machine-source.ts";
import type { HardwareEvidence } from "./hardware-evidence.ts";
import { type Look, one, several } from "./finding.ts";
import type { ComponentName } from "./rules/component-weights.ts";

// Written by the manual pages of these programs, and by what they are known to print; no Mac was at
// hand to try it on. The programs are those of the system, by their whole paths.

const IOREG = "/usr/sbin/ioreg";
const SYSCTL = "/usr/sbin/sysctl";
const DISKUTIL = "/usr/sbin/diskutil";

/** How each component is found on macOS. */
export const MACOS_COMPONENTS = {
  "machine-id": () => Promise.resolve("absent"),
  "product-uuid": registry("IOPlatformUUID"),
  "board-serial": registry("IOPlatformSerialNumber"),
  "root-disk": async (source) => {
    const told = await source.run(DISKUTIL, ["info", "/"]);
    return one(/^\s*(?:Volume|Disk \/ Partition) UUID:\s*(\S+)/m.exec(told ?? "")?.[1]);
  },
  mac: ({ addresses }) => Promise.resolve(several(addresses)),
  "cloud-instance": () => Promise.resolve("absent"),
  cpu: async (source) => one(await source.run(SYSCTL, ["-n", "machdep.cpu.brand_string"])),
  hostname: ({ hostname }) => Promise.resolve(one(hostname)),
} as const satisfies Record<Exclude<ComponentName, "kubernetes-cluster">, Look>;

/** What a Mac tells of being virtual. */
export async function macosEvidence(source: MachineSource): Promise<HardwareEvidence> {
  const told = (await source.run(IOREG, ["-rd1", "-c", "IOPlatformExpertDevice"])) ?? "";
  const text = (key: string) => new RegExp(`"${key}" = <"([^"]*)">`).exec(told)?.[1] ?? "";
  const [vendor, model] = [text("manufacturer"), text("model")];
  const inMonitor = (await source.run(SYSCTL, ["-n", "kern.hv_vmm_present"])) === "1";
  const said = hypervisorSaidBy([
    vendor,
    model,
    model.startsWith("VirtualMac") ? "Apple Virtualization" : "",
  ]);
  const hypervisor = said === "" && inMonitor ? "vm-other" : said;
  return { vendor, model, cloud: "", hypervisor, hypervisorBit: inMonitor };
}

function registry(key: string): Look {
  return async (source) => {
    const told = await source.run(IOREG, ["-rd1", "-c", "IOPlatformExpertDevice"]);
    return one(new RegExp(`"${key}" = "([^"]+)"`).exec(told ?? "")?.[1]);
  };
}
