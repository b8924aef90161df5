import { activation } from "@leasehold/contracts";

/** What a machine found out about being virtual. What is left out was looked for, and not found. */
export interface MachineEvidence {
  /** The virtual machine monitor, as `systemd-detect-virt --vm` names it, for example `kvm`. */
  readonly hypervisor?: string;
  /** The container runtime, as `systemd-detect-virt --container` names it, for example `docker`. */
  readonly container?: string;
  /** The cloud, for example `aws`. */
  readonly cloud?: string;
  /** Whether the processor says that it is virtual. */
  readonly hypervisorBit?: boolean;
  /** Who made the machine, as its firmware says. */
  readonly vendor?: string;
  /** What machine it is, as its firmware says. */
  readonly model?: string;
  /** The UID of the Kubernetes cluster that it runs in. */
  readonly kubernetesCluster?: string;
}

/** A tolerant description of a machine: a salted digest for each component. */
export interface MachineFingerprint {
  /** 16 to 64 bytes. */
  readonly salt: Uint8Array;
  /** 32 bytes each, by names such as `machine-id`. */
  readonly components: ReadonlyMap<string, Uint8Array>;
}

/** Evidence as the contract has it. */
export function wireEvidence(
  evidence: MachineEvidence | undefined,
): activation.MachineEvidence | undefined {
  return evidence && activation.MachineEvidence.fromPartial(evidence);
}

/** A fingerprint as the contract has it. */
export function wireFingerprint(
  fingerprint: MachineFingerprint | undefined,
): activation.Fingerprint | undefined {
  return (
    fingerprint && {
      salt: Buffer.from(fingerprint.salt),
      components: Object.fromEntries(
        [...fingerprint.components].map(([name, digest]) => [name, Buffer.from(digest)]),
      ),
    }
  );
}
