import type { MachineEvidence } from "./machine-evidence.ts";

/**
 * Whether a machine is virtual, by what it says of itself. A container alone is no virtual machine: it
 * shares the processor and the firmware of its host, and so tells the same of a monitor as the host
 * does. Nor is a rented machine without a monitor one.
 */
export function isVirtual({
  hypervisor,
  hypervisorBit,
}: Pick<MachineEvidence, "hypervisor" | "hypervisorBit">): boolean {
  return hypervisor !== "" || hypervisorBit;
}
