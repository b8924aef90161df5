/** What a machine tells of being virtual, as the contract has it. A text is empty where there is nothing to tell. */
export interface MachineEvidence {
  /** The virtual machine monitor, as `systemd-detect-virt --vm` names it. */
  readonly hypervisor: string;
  /** The container runtime, as `systemd-detect-virt --container` names it. */
  readonly container: string;
  /** `aws`, `azure`, `gcp`, … */
  readonly cloud: string;
  /** Whether the processor says that it is virtual. */
  readonly hypervisorBit: boolean;
  /** As the firmware says. */
  readonly vendor: string;
  readonly model: string;
  /** The UID of the Kubernetes cluster. */
  readonly kubernetesCluster: string;
}

/** Of a machine that found nothing. */
export const NO_EVIDENCE: MachineEvidence = {
  hypervisor: "",
  container: "",
  cloud: "",
  hypervisorBit: false,
  vendor: "",
  model: "",
  kubernetesCluster: "",
};
