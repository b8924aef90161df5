import { sealPublicKeyOf } from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChallengeKeys } from "../src/domain/challenge.ts";
import { issuedLicense } from "./issued.ts";
import { gappedMachine, offlineClient } from "./offline-requests.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey, proven, unlockRequest } from "./unlock-requests.ts";

const [FORMER, NEXT] = [new Uint8Array(32).fill(5), new Uint8Array(32).fill(7)];

/** As docs/operations/secrets.md has it: every replica gets each line-up before one gets the next. */
const STEPS: readonly ChallengeKeys[] = [[FORMER, NEXT], [NEXT, FORMER], [NEXT]];

let running: RunningActivation;
let licenses = 0;
beforeAll(async () => {
  running = await runningActivation({ settings: { challengeKeys: [FORMER] } });
});
afterAll(() => running[Symbol.asyncDispose]());

function newKey(): string {
  const key = freshKey();
  running.issuer.put(issuedLicense(`rotated-${++licenses}`, 1n), key.data);
  return key.text;
}

/** Unlocks at one replica with a challenge of another. Resolves to why not, or "unlocked". */
async function unlock(asked: string, unlocking: string): Promise<string> {
  const made = await running.at(asked).createChallenge({});
  const request = await proven(unlockRequest(newKey()), made);
  return running
    .at(unlocking)
    .unlock(request)
    .then(
      () => "unlocked",
      (problem: Error & { reason?: string }) => problem.reason ?? problem.message,
    );
}

test("the challenge keys change under two replicas that unlock, and nobody is refused", async () => {
  const serving = [await running.startTwin(), await running.startTwin()] as [string, string];
  const over = new AbortController();
  const outcomes = new Set<string>();
  let count = 0;
  const traffic = (async () => {
    for (let turn = 0; !over.signal.aborted; turn = 1 - turn) {
      outcomes.add(await unlock(serving[turn]!, serving[1 - turn]!));
      count += 1;
    }
  })();
  try {
    for (const challengeKeys of STEPS)
      for (const replica of [0, 1]) {
        serving[replica] = await running.startTwin({ challengeKeys });
        const before = count;
        await expect.poll(() => count).toBeGreaterThan(before + 4);
      }
  } finally {
    over.abort();
    await traffic;
  }
  expect([...outcomes]).toEqual(["unlocked"]);
});

test("a replica that was not told of the next key refuses what was made with it", async () => {
  const [behind, ahead] = [
    await running.startTwin(),
    await running.startTwin({ challengeKeys: [NEXT, FORMER] }),
  ];
  expect(await unlock(behind, ahead)).toBe("unlocked");
  expect(await unlock(ahead, behind)).toBe("CHALLENGE_REFUSED");
});

test("a request file that was sealed before the seal key changed is answered while the former is given", async () => {
  const [former, next] = [new Uint8Array(32).fill(21), new Uint8Array(32).fill(22)];
  await using between = offlineClient(await running.startTwin({ sealKeys: [next, former] }));
  await using after = offlineClient(await running.startTwin({ sealKeys: [next] }));
  const machine = await gappedMachine();
  const sealed = await machine.unlock(newKey(), { sealKey: sealPublicKeyOf(former) });
  const request = { requestId: freshId(), requestFile: sealed.file };
  await expect(after.answerOfflineRequest(request)).rejects.toMatchObject({
    metadata: { fault: "unknown-seal-key" },
  });
  const { installation } = await between.answerOfflineRequest({ ...request, requestId: freshId() });
  expect(installation?.name).toMatch(/^installations\//);
});
