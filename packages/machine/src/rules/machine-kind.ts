import type { MachineEvidence } from "./machine-evidence.ts";

/** What a machine is, as far as it tells; unknown if it tells nothing. */
export type MachineKind = "physical" | "virtual" | "unknown";

const VIRTUAL_VENDOR =
  /qemu|vmware|\bxen\b|innotek|parallels|bochs|bhyve|openstack|ovirt|kubevirt|digitalocean|red hat/i;
const VIRTUAL_MODEL =
  /virtual|\bkvm\b|vmware|hvm domu|google compute engine|standard pc|openstack|bhyve|droplet|vserver/i;
const CLOUD_VENDOR = /amazon ec2|alibaba cloud|tencent/i;
const BARE_METAL = /metal/i;

/**
 * What a machine is. One sign is enough to be virtual: a monitor that was found by name, or firmware
 * that a monitor brings. The processor's bit alone counts only where the firmware tells nothing: it is
 * set on machines as well that run a hypervisor themselves. A container is no virtual machine, and
 * neither is a cloud's bare metal.
 */
export function machineKind(evidence: MachineEvidence | undefined): MachineKind {
  if (evidence === undefined) return "unknown";
  const { hypervisor, hypervisorBit, vendor, model } = evidence;
  if (hypervisor !== "") return "virtual";
  if (VIRTUAL_VENDOR.test(vendor) || VIRTUAL_MODEL.test(model)) return "virtual";
  if (CLOUD_VENDOR.test(vendor) && !BARE_METAL.test(model)) return "virtual";
  return hypervisorBit && vendor === "" && model === "" ? "virtual" : "physical";
}
