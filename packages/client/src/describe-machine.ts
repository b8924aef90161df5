import { activation } from "@leasehold/contracts";
import {
  collectComponents,
  type CollectedComponents,
  type Fingerprint,
  fingerprintOf,
  machineEvidence,
  type MachineEvidence,
  type MachineSource,
  thisMachine,
} from "@leasehold/machine";
import { ensureFingerprintSalt } from "./installation-directory.ts";

/** What the cluster is told of a machine. */
export interface MachineDescription {
  /** Absent: it is told by nothing, for example in a container outside of Kubernetes. */
  readonly fingerprint?: Fingerprint;
  /** Absent: whether it is virtual is not told. */
  readonly evidence?: Partial<MachineEvidence>;
}

/** A machine as it was looked at. */
export interface DescribedMachine extends MachineDescription {
  readonly evidence: MachineEvidence;
  /** What the fingerprint is made of, and what it could be made of and is not. Never leaves the machine. */
  readonly components: CollectedComponents;
}

/**
 * Looks at the machine again, with the salt that the installation in the directory has had since its
 * first unlocking: so an earlier fingerprint and this one can be compared. Needs no connection.
 * @param directory where the installation is kept; made if it is not there
 * @throws Error if the salt's file is there but holds no salt
 */
export async function describeMachine(
  directory: string,
  source: MachineSource = thisMachine(),
): Promise<DescribedMachine> {
  const salt = await ensureFingerprintSalt(directory);
  const components = await collectComponents(source);
  const fingerprint = fingerprintOf(components.found, salt);
  const evidence = await machineEvidence(source);
  return { components, evidence, ...(fingerprint && { fingerprint }) };
}

/** A machine as a request tells it. */
export interface ToldMachine {
  readonly fingerprint: activation.Fingerprint | undefined;
  readonly evidence: activation.MachineEvidence | undefined;
}

/**
 * What a request tells of the machine.
 * @param given in place of what is found out here, or "none" for nothing
 */
export async function tellMachine(
  directory: string,
  given: MachineDescription | "none" | undefined,
): Promise<ToldMachine> {
  if (given === "none") return { fingerprint: undefined, evidence: undefined };
  const { fingerprint, evidence } = given ?? (await describeMachine(directory));
  return {
    fingerprint: fingerprint && messageOf(fingerprint),
    evidence: evidence && activation.MachineEvidence.fromPartial(evidence),
  };
}

function messageOf({ salt, components }: Fingerprint): activation.Fingerprint {
  const digests = [...components].map(([name, digest]) => [name, Buffer.from(digest)]);
  return { salt: Buffer.from(salt), components: Object.fromEntries(digests) as Digests };
}

type Digests = activation.Fingerprint["components"];
