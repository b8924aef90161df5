import { containerOf } from "./container.ts";
import type { HardwareEvidence } from "./hardware-evidence.ts";
import { kubernetesCluster } from "./kubernetes-cluster.ts";
import { linuxEvidence } from "./linux/linux-evidence.ts";
import type { MachineSource } from "./machine-source.ts";
import { macosEvidence } from "./macos.ts";
import type { MachineEvidence } from "./rules/machine-evidence.ts";
import { thisMachine } from "./this-machine.ts";
import { windowsEvidence } from "./windows.ts";

/** As much as the contract takes of a text. */
const LONGEST_TEXT = 200;

const NOTHING: HardwareEvidence = {
  hypervisor: "",
  hypervisorBit: false,
  cloud: "",
  vendor: "",
  model: "",
};

/**
 * Finds out what the machine tells of being virtual. Looks at files, and asks programs of the
 * system; nothing goes over a network.
 */
export async function machineEvidence(
  source: MachineSource = thisMachine(),
): Promise<MachineEvidence> {
  const hardware = await hardwareEvidence(source);
  return {
    ...hardware,
    vendor: short(hardware.vendor),
    model: short(hardware.model),
    container: await containerOf(source),
    kubernetesCluster: (await kubernetesCluster(source)) ?? "",
  };
}

const OF_PLATFORM: Partial<
  Record<NodeJS.Platform, (source: MachineSource) => Promise<HardwareEvidence>>
> = { linux: linuxEvidence, darwin: macosEvidence, win32: windowsEvidence };

async function hardwareEvidence(source: MachineSource): Promise<HardwareEvidence> {
  return (await OF_PLATFORM[source.platform]?.(source)) ?? NOTHING;
}

/** Firmware may say anything: what no text of the contract may have is left out. */
function short(text: string): string {
  const plain = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, "").normalize("NFC");
  return Array.from(plain).slice(0, LONGEST_TEXT).join("").trim();
}
