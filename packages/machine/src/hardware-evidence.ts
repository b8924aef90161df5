import type { MachineEvidence } from "./rules/machine-evidence.ts";

/** What the machine itself tells, whatever it is that runs on it. */
export type HardwareEvidence = Omit<MachineEvidence, "container" | "kubernetesCluster">;
