import { type InstallationPolicy, VirtualMachinePolicy } from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuedLicense, issuedTerms } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshKey, proven, unlockRequest } from "./unlock-requests.ts";

let running: RunningActivation;

beforeAll(async () => {
  running = await runningActivation({ replicas: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

const POLICY: InstallationPolicy = {
  installations: 0,
  transfers: 0,
  virtualMachinesPolicy: VirtualMachinePolicy.ALLOW,
  virtualMachines: 0,
  domains: [],
  networks: [],
};
const AT_A_TIME = 25;

/** What two machines come to that race for the last place of a license, one at each replica. */
async function race(
  license: string,
  policy: Partial<InstallationPolicy>,
): Promise<readonly string[]> {
  const key = freshKey();
  const terms = issuedTerms({ installationPolicy: { ...POLICY, ...policy } });
  running.issuer.put(issuedLicense(license, 1n, { terms }), key.data);
  return Promise.all(
    [1, 2].map(async (replica) => {
      const client = running.replica(replica);
      const request = await proven(unlockRequest(key.text), await client.createChallenge({}));
      return client.unlock(request).then(
        () => "unlocked",
        ({ reason }: Problem) => reason,
      );
    }),
  );
}

/** Races for the last place of this many licenses, some at a time; the outcomes of each, sorted. */
async function races(name: string, tries: number, policy: Partial<InstallationPolicy>) {
  const outcomes: string[][] = [];
  for (let first = 0; first < tries; first += AT_A_TIME) {
    const some = Array.from({ length: AT_A_TIME }, (_, n) => race(`${name}-${first + n}`, policy));
    outcomes.push(...(await Promise.all(some)).map((each) => each.toSorted()));
  }
  return outcomes;
}

test("in 100 races for the last virtual machine exactly one wins", async () => {
  const outcomes = await races("last-virtual", 100, {
    virtualMachinesPolicy: VirtualMachinePolicy.ALLOW_WITH_CAP,
    virtualMachines: 1,
  });
  for (const outcome of outcomes) expect(outcome).toEqual(["VIRTUAL_MACHINE_REFUSED", "unlocked"]);
}, 120_000);
