import { cloudSaidBy, hypervisorSaidBy, isHyperV } from "./hypervisor-tables.ts";
import type { MachineSource } from "./machine-source.ts";
import type { HardwareEvidence } from "./hardware-evidence.ts";
import { type Look, one, several } from "./finding.ts";
import type { ComponentName } from "./rules/component-weights.ts";

// Written by the documentation of reg.exe and of the registry's values; no Windows machine was at hand
// to try it on.

const BIOS = String.raw`HKLM\HARDWARE\DESCRIPTION\System\BIOS`;

/** How each component is found on Windows: in the registry alone. */
export const WINDOWS_COMPONENTS = {
  "machine-id": value(String.raw`HKLM\SOFTWARE\Microsoft\Cryptography`, "MachineGuid"),
  // Made of the UUID and other values of the firmware's.
  "product-uuid": value(String.raw`HKLM\SYSTEM\HardwareConfig`, "LastConfig"),
  "board-serial": () => Promise.resolve("absent"),
  "root-disk": value(String.raw`HKLM\SYSTEM\CurrentControlSet\Services\disk\Enum`, "0"),
  mac: ({ addresses }) => Promise.resolve(several(addresses)),
  "cloud-instance": () => Promise.resolve("absent"),
  cpu: value(
    String.raw`HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0`,
    "ProcessorNameString",
  ),
  hostname: ({ hostname }) => Promise.resolve(one(hostname)),
} as const satisfies Record<Exclude<ComponentName, "kubernetes-cluster">, Look>;

/**
 * What a Windows machine tells of being virtual. Windows may run on its own monitor on bare metal, and
 * its processor then says that it is virtual: so the processor is not asked.
 */
export async function windowsEvidence(source: MachineSource): Promise<HardwareEvidence> {
  const names = ["SystemManufacturer", "SystemProductName", "BIOSVendor", "BIOSVersion"];
  const told = await Promise.all(names.map((name) => query(source, BIOS, name)));
  const [vendor = "", model = ""] = told.map((text) => text ?? "");
  const texts = told.filter((text) => text !== undefined);
  const hypervisor = isHyperV(vendor, model) ? "microsoft" : hypervisorSaidBy(texts);
  return { vendor, model, cloud: cloudSaidBy(texts), hypervisor, hypervisorBit: false };
}

function value(key: string, name: string): Look {
  return async (source) => one(await query(source, key, name));
}

/** `reg query` prints the key on a line, and on the next: name, type and data with spaces between. */
async function query(
  source: MachineSource,
  key: string,
  name: string,
): Promise<string | undefined> {
  const root = source.environment["SystemRoot"] ?? String.raw`C:\Windows`;
  const told = await source.run(`${root}\\System32\\reg.exe`, ["query", key, "/v", name]);
  const line = told?.split(/\r?\n/).find((text) => text.trim().startsWith(`${name} `));
  return line === undefined ? undefined : /REG_(?:SZ|EXPAND_SZ)\s+(.+)$/.exec(line)?.[1]?.trim();
}
