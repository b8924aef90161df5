import { type MachineSource, textOf } from "./machine-source.ts";

/** The environment variable that tells the UID of the Kubernetes cluster: that of its namespace `kube-system`. */
const VARIABLE = "LEASEHOLD_KUBERNETES_CLUSTER";
/** A file that may tell it instead, mounted into the pod. */
const FILE = "/etc/leasehold/kubernetes-cluster";
const UID = /^[0-9A-Za-z][0-9A-Za-z._-]{7,63}$/;

/** The UID of the Kubernetes cluster that this runs in, as the pod was told; `undefined` if it was not. */
export async function kubernetesCluster(source: MachineSource): Promise<string | undefined> {
  const told = source.environment[VARIABLE]?.trim() || (await textOf(source, FILE));
  return told !== undefined && UID.test(told) ? told : undefined;
}

/** Whether this runs in a pod, whatever cluster that is. */
export function isInPod({ environment }: MachineSource): boolean {
  return (environment["KUBERNETES_SERVICE_HOST"] ?? "") !== "";
}
