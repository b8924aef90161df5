import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import { machineKind } from "@leasehold/machine/rules";
import { countsInstallations, type Unlocker, unmetCondition } from "../domain/unlock-conditions.ts";
import { conditionUnmet } from "../domain/unlock-problems.ts";
import { unlockWarnings } from "../domain/unlock-warnings.ts";
import type { MachineToUnlock, Peer, Unlocked, UnlockEvent } from "./unlock-command.ts";
import type { Enrolled, Enrolments, Spent, UnlockableLicense } from "./unlock-ports.ts";

/** What entering a machine needs. */
export interface EnrollingPorts {
  readonly enrolments: Enrolments;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly report: (event: UnlockEvent) => void;
}

/** A machine whose key is proven, and what it spends. */
export interface ProvenUnlock {
  readonly machine: MachineToUnlock;
  readonly peer: Peer;
  readonly spends: Spent;
  readonly license: UnlockableLicense;
}

/**
 * Enters a machine as an installation of a license if the license's conditions are met, or gives the
 * one that it is already.
 * @throws Problem the condition that is not met; CHALLENGE_REFUSED
 */
export async function enrollMachine(
  { enrolments, clock, random, report }: EnrollingPorts,
  { machine, peer, spends, license }: ProvenUnlock,
): Promise<Pick<Unlocked, "installation" | "warnings">> {
  const { terms, product, facts } = license;
  const { publicKey, host, fingerprint, applicationVersion } = machine;
  const now = clock.now();
  const unlocker = unlockerOf(machine, peer);
  const admit = ({ others, known }: Enrolled) => {
    const unmet = unmetCondition({ terms, product, unlocker, others, known, now });
    if (unmet === undefined) return;
    const problem = conditionUnmet(unmet);
    const { reason } = problem;
    report({ kind: "refused", reason, product: facts.product, license: facts.license });
    throw problem;
  };
  const id = newUuid(clock, random);
  const { license: name, product: licensed } = facts;
  const enrolment = {
    installation: {
      id,
      license: name,
      product: licensed,
      publicKey,
      host,
      createTime: now,
      fingerprint,
    },
    isCounted: countsInstallations(terms),
    isVirtual: unlocker.machine !== "physical",
    applicationVersion,
    spends,
  };
  const installation = await enrolments.enroll(enrolment, admit);
  return { installation, warnings: unlockWarnings({ terms, product, unlocker, now }) };
}

function unlockerOf(
  { applicationVersion, applicationReleaseTime, evidence, host }: MachineToUnlock,
  { isWithin }: Peer,
): Unlocker {
  return {
    version: applicationVersion,
    releaseTime: applicationReleaseTime,
    machine: machineKind(evidence),
    host,
    isWithin,
  };
}
