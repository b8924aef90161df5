import { toldText } from "./claim-readers.ts";
import { literal, map, object, optional, type Reader } from "./reader.ts";

/** What a machine tells of being virtual, as it says itself; what it does not tell is absent. */
export interface MachineEvidenceClaim {
  /** The virtual machine monitor, for example `kvm`. */
  readonly hypervisor?: string;
  /** The container runtime, for example `docker`. */
  readonly container?: string;
  /** The cloud, for example `aws`. */
  readonly cloud?: string;
  /** The processor says that it is virtual. */
  readonly hypervisorBit?: true;
  /** Who made the machine, as its firmware says. */
  readonly vendor?: string;
  /** What machine it is, as its firmware says. */
  readonly model?: string;
  /** The UID of the Kubernetes cluster that it runs in. */
  readonly kubernetesCluster?: string;
}

const told = toldText({ least: 1 });

/** Reads what a machine tells of being virtual. */
export const machineEvidence: Reader<MachineEvidenceClaim> = map(
  object({
    hypervisor: optional(told),
    container: optional(told),
    cloud: optional(told),
    hypervisorBit: optional(literal(true)),
    vendor: optional(told),
    model: optional(told),
    kubernetesCluster: optional(told),
  }),
  (claims) => Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)),
);
