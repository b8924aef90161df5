import { detectedHypervisor } from "../container.ts";
import { cloudSaidBy, hypervisorSaidBy, isHyperV } from "../hypervisor-tables.ts";
import { type MachineSource, textOf } from "../machine-source.ts";
import type { HardwareEvidence } from "../hardware-evidence.ts";
import { type Dmi, readDmi } from "./dmi.ts";

/** What a Linux machine tells of being virtual, by its firmware, its processor and systemd. */
export async function linuxEvidence(source: MachineSource): Promise<HardwareEvidence> {
  const dmi = await readDmi(source);
  const [vendor, model] = [dmi.sys_vendor, dmi.product_name];
  const cloud = cloudSaidBy([
    vendor,
    model,
    dmi.chassis_asset_tag,
    dmi.bios_vendor,
    dmi.bios_version,
  ]);
  const facts = { vendor, model, cloud };
  // It runs the monitor, and sees itself as if it ran on one.
  if (await isControlDomain(source)) return { ...facts, hypervisor: "", hypervisorBit: false };
  const hypervisorBit = await saysVirtual(source);
  const detected = await detectedHypervisor(source);
  return { ...facts, hypervisorBit, hypervisor: detected ?? (await ownJudgement(source, dmi)) };
}

async function ownJudgement(source: MachineSource, dmi: Dmi): Promise<string> {
  const { sys_vendor, product_name, board_vendor, bios_vendor } = dmi;
  if (isMetal(dmi)) return "";
  if (isHyperV(sys_vendor, product_name)) return "microsoft";
  const said = hypervisorSaidBy([product_name, sys_vendor, board_vendor, bios_vendor]);
  if (said !== "") return said;
  if ((await textOf(source, "/sys/hypervisor/type")) === "xen") return "xen";
  return (await saysVirtual(source)) ? "vm-other" : "";
}

/** A machine that Amazon rents out whole has the firmware of its virtual ones. */
function isMetal({ sys_vendor, product_name }: Dmi): boolean {
  return sys_vendor === "Amazon EC2" && product_name.includes(".metal");
}

async function saysVirtual(source: MachineSource): Promise<boolean> {
  const cpuinfo = (await textOf(source, "/proc/cpuinfo")) ?? "";
  return /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo);
}

async function isControlDomain(source: MachineSource): Promise<boolean> {
  const capabilities = await textOf(source, "/proc/xen/capabilities");
  return capabilities?.includes("control_d") === true;
}
