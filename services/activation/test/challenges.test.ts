import type { activation } from "@leasehold/contracts";
import type { Clock, Problem } from "@leasehold/kernel";
import { generateKeyPair } from "@leasehold/license-format";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresUsedChallenges } from "../src/store/postgres-challenges.ts";
import { issuedLicense } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey, type ProofChanges, proven, unlockRequest } from "./unlock-requests.ts";

const MINUTE = 60_000;
let clock: Clock & { advance(ms: number): void };
let running: RunningActivation;
let licenses = 0;

beforeAll(async () => {
  clock = manualClock(Date.now());
  running = await runningActivation({ replicas: 2, clock });
});
afterAll(() => running[Symbol.asyncDispose]());

/** A key of a license of its own. */
function newKey(): string {
  const key = freshKey();
  running.issuer.put(issuedLicense(`challenged-${++licenses}`, 1n), key.data);
  return key.text;
}

const challenge = () => running.anyone.createChallenge({});

/** Why a request is refused; "unlocked" if it is not. */
function outcome(
  request: activation.UnlockRequest,
  client = running.anyone,
): Promise<Problem["reason"] | "unlocked"> {
  return client.unlock(request).then(
    () => "unlocked" as const,
    (problem: Problem) => problem.reason,
  );
}

/** What comes of a proof that differs from the right one. */
async function outcomeOf(changes: ProofChanges): Promise<string> {
  return outcome(await proven(unlockRequest(newKey()), await challenge(), changes));
}

test("a challenge holds for five minutes of the server's clock, and tells whom the proof is for", async () => {
  const { createTime, expireTime, audience } = await challenge();
  expect(createTime!.getTime()).toBe(clock.now());
  expect(expireTime!.getTime() - createTime!.getTime()).toBe(5 * MINUTE);
  expect(audience).toBe(`${running.issuer.deployment}/leasehold.activation.v1.ActivationService`);
});

test("nobody unlocks without a challenge, or with one that nobody made", async () => {
  const made = await challenge();
  const right = await proven(unlockRequest(newKey()), made);
  expect(await outcome({ ...right, challenge: Buffer.alloc(0) })).toBe("CHALLENGE_REFUSED");
  expect(await outcome({ ...right, challenge: Buffer.alloc(57, 1) })).toBe("CHALLENGE_REFUSED");
  const mutated = Buffer.from(made.challenge);
  mutated[40]! ^= 1;
  expect(await outcome({ ...right, challenge: mutated })).toBe("CHALLENGE_REFUSED");
  expect(await outcome(right)).toBe("unlocked");
});

test("a challenge of another deployment is refused", async () => {
  await using other = await runningActivation({
    settings: { challengeKeys: [new Uint8Array(32).fill(6)] },
  });
  const foreign = await other.anyone.createChallenge({});
  expect(await outcome(await proven(unlockRequest(newKey()), foreign))).toBe("CHALLENGE_REFUSED");
});

test.each<[string, string, () => ProofChanges | Promise<ProofChanges>]>([
  [
    "signed with another key",
    "UNAUTHENTICATED",
    async () => ({ privateKey: (await generateKeyPair()).privateKey }),
  ],
  ["for another service", "UNAUTHENTICATED", () => ({ audience: "test.leasehold.local/x.Y" })],
  ["of another request", "UNAUTHENTICATED", () => ({ installation: `installations/${freshId()}` })],
  ["for another method", "CHALLENGE_REFUSED", () => ({ method: "TransferInstallation" })],
  ["of another challenge", "CHALLENGE_REFUSED", () => ({ id: "another" })],
  [
    "that is over",
    "CLOCK_SKEW",
    () => ({ issuedAt: clock.now() - 5 * MINUTE, expiresAt: clock.now() - MINUTE }),
  ],
  [
    "of the future",
    "CLOCK_SKEW",
    () => ({ issuedAt: clock.now() + 5 * MINUTE, expiresAt: clock.now() + 9 * MINUTE }),
  ],
])("a proof %s is refused: %s", async (_, reason, changes) => {
  expect(await outcomeOf(await changes())).toBe(reason);
});

test.each(["", "a.b", "not a proof", "é", "x".repeat(4_000)])("%j is no proof", async (proof) => {
  const right = await proven(unlockRequest(newKey()), await challenge());
  expect(await outcome({ ...right, proof })).toBe("UNAUTHENTICATED");
});

test("whoever is told that the clock is wrong is told the server's time", async () => {
  const [issuedAt, expiresAt] = [clock.now() - 5 * MINUTE, clock.now() - MINUTE];
  const late = await proven(unlockRequest(newKey()), await challenge(), { issuedAt, expiresAt });
  await expect(running.anyone.unlock(late)).rejects.toMatchObject({
    metadata: { server_time: new Date(clock.now()).toISOString() },
  });
});

test("a challenge serves for one request, whichever replica it asks", async () => {
  const made = await challenge();
  const first = await proven(unlockRequest(newKey()), made);
  expect(await outcome(first)).toBe("unlocked");
  const second = await proven(unlockRequest(newKey()), made);
  for (const number of [1, 2])
    expect(await outcome(second, running.replica(number))).toBe("CHALLENGE_REFUSED");
  expect(await outcome(first, running.replica(2))).toBe("unlocked");
});

test("of twenty requests that race with one challenge at two replicas exactly one wins", async () => {
  for (let round = 0; round < 10; round += 1) {
    const made = await challenge();
    const key = newKey();
    const requests = await Promise.all(
      Array.from({ length: 20 }, () => proven(unlockRequest(key), made)),
    );
    const outcomes = await Promise.all(
      requests.map((request, n) => outcome(request, running.replica(1 + (n % 2)))),
    );
    expect(outcomes.filter((each) => each === "unlocked")).toHaveLength(1);
    expect(outcomes.filter((each) => each === "CHALLENGE_REFUSED")).toHaveLength(19);
  }
});

test("a challenge that came to nothing is not used up", async () => {
  const made = await challenge();
  const key = freshKey();
  expect(await outcome(await proven(unlockRequest(key.text), made))).toBe("UNLOCK_REFUSED");
  expect(await outcome(await proven(unlockRequest(newKey()), made))).toBe("unlocked");
});

test("a challenge that is over is refused, and forgotten once no replica could accept it", async () => {
  const made = await challenge();
  expect(await outcome(await proven(unlockRequest(newKey()), made))).toBe("unlocked");
  const unused = await challenge();
  clock.advance(5 * MINUTE);
  expect(await outcome(await proven(unlockRequest(newKey()), unused))).toBe("CHALLENGE_REFUSED");
  const used = postgresUsedChallenges(running.database.postgres);
  const ended = made.expireTime!.getTime();
  expect(await used.forget(ended - 3_600_000)).toBe(0);
  expect(await used.forget(ended + 1)).toBeGreaterThan(0);
  expect(await used.forget(ended + 1)).toBe(0);
});

test("after a rotation challenges of the earlier key are accepted while it is given", async () => {
  const [earlier, newest] = [new Uint8Array(32).fill(5), new Uint8Array(32).fill(7)];
  await using rotated = await runningActivation({
    clock,
    settings: { challengeKeys: [newest, earlier] },
  });
  const key = freshKey();
  rotated.issuer.put(issuedLicense("rotated", 1n), key.data);
  const made = await challenge();
  expect(await outcome(await proven(unlockRequest(key.text), made), rotated.anyone)).toBe(
    "unlocked",
  );
});
