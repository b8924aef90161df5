import { type Duration, durationFromMs, seatBroker } from "@leasehold/contracts";
import {
  generateKeyPair,
  signingKey,
  signTrustBundle,
  verifyBorrow,
  verifyTrustBundle,
} from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ClientProcess } from "./client-process.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

/** Ada has a seat of a license whose seats can be borrowed for so many days. */
async function seated(offlineDays = 7) {
  const pool = somePool({ policy: { ...OPEN_POLICY, offlineDays } });
  await running.issue(pool);
  const ada = await running.installation(pool);
  const { id, token, fence } = await ClientProcess.of(pool, ada).acquireWithin(5_000);
  const borrow = (changes: Partial<seatBroker.BorrowSeatRequest>, broker = 0) =>
    ada.at(broker).borrowSeat({
      leaseId: id.bytes,
      token,
      duration: durationFromMs(DAY_MS),
      ...changes,
    });
  return { pool, ada, id, token, fence, borrow };
}

async function seatsOf({ name }: Pool) {
  const request = { parent: name, pageSize: 0, pageToken: "", filter: undefined };
  return running.desk().listSeats(request);
}

test("a borrowed seat's file verifies by the trust bundle, for the key that the installation has", async () => {
  const { ada, id, fence, borrow } = await seated();
  const answer = await borrow({});
  const { root } = running.activation;
  const trust = await verifyTrustBundle(await running.activation.trustBundle(), root.publicKey);
  if (trust.kind === "refused") throw new Error(trust.fault);
  const read = await verifyBorrow(answer.borrow, trust.claims, { now: Date.now() });
  expect(read).toMatchObject({
    kind: "verified",
    claims: {
      installation: `installations/${ada.id}`,
      lease: id.bytes.toString("base64url"),
      fencingToken: fence,
      endTime: Math.floor(answer.endTime!.getTime() / 1000) * 1000,
    },
  });
});

test("it is borrowed whichever broker is asked, and listed so until it is checked in", async () => {
  const { pool, ada, id, borrow } = await seated();
  const first = await borrow({});
  const again = await borrow({ duration: durationFromMs(HOUR_MS) }, 1);
  expect(again.endTime).toEqual(first.endTime);
  const { seats } = await seatsOf(pool);
  expect(seats).toMatchObject([{ state: seatBroker.SeatState.BORROWED, heartbeatTime: undefined }]);
  expect(seats[0]!.expireTime!.getTime()).toBeGreaterThan(first.endTime!.getTime());
  await ada.at(1).releaseSeat({ leaseId: id.bytes });
  expect((await seatsOf(pool)).seats).toEqual([]);
});

test.each<[string, Duration | undefined]>([
  ["no time at all", undefined],
  ["less than an hour", durationFromMs(HOUR_MS - 1)],
  ["more than a year", durationFromMs(366 * DAY_MS)],
  ["a time that is none", { seconds: 1n, nanos: -1 }],
])("a request to borrow for %s is refused as malformed", async (_, duration) => {
  const { borrow } = await seated();
  const problem = await problemOf(borrow({ duration }));
  expect(problem.reason).toBe("INVALID_REQUEST");
  expect(problem.violations.map(({ field }) => field)).toEqual(["duration"]);
});

test("a license that allows no borrowing, or not for so long, is told with what it allows", async () => {
  for (const days of [0, 1]) {
    const { borrow } = await seated(days);
    const problem = await problemOf(borrow({ duration: durationFromMs(DAY_MS + 1) }));
    expect(problem).toMatchObject({
      reason: "BORROW_REFUSED",
      metadata: { offline_days: String(days) },
    });
  }
});

test("nobody borrows by a token or a lease that is not its own", async () => {
  const { pool, id, token, borrow } = await seated();
  const bob = await running.installation(pool);
  const duration = durationFromMs(DAY_MS);
  const stolen = { leaseId: id.bytes, token, duration };
  expect(await reasonOf(bob.broker.borrowSeat(stolen))).toBe("LEASE_TOKEN_INVALID");
  for (const forged of [Buffer.alloc(0), Buffer.alloc(5_000), Buffer.from(token).fill(1, 9, 10)])
    expect(await reasonOf(borrow({ token: forged }))).toBe("LEASE_TOKEN_INVALID");
  const foreign = someLease(somePool().license).bytes;
  expect(await reasonOf(borrow({ leaseId: foreign }))).toBe("NOT_FOUND");
  expect(await reasonOf(borrow({ leaseId: Buffer.alloc(31) }))).toBe("INVALID_REQUEST");
});

test("a seat-broker whose key the trust bundle does not name lends nothing", async () => {
  await using others = await runningBrokers();
  const { root, installKey } = others.activation;
  const pool = somePool({ policy: { ...OPEN_POLICY, offlineDays: 7 } });
  others.activation.trustVersion = 2;
  others.activation.trustBundle = () =>
    signTrustBundle(root, {
      deployment: "test.leasehold.local",
      version: 2,
      keys: [installKey],
      issuedAt: Date.now(),
    });
  await others.stopActivation();
  await others.startActivation();
  await others.issue(pool);
  const ada = await others.installation(pool);
  const { id, token } = await ClientProcess.of(pool, ada).acquireWithin(5_000);
  const request = { leaseId: id.bytes, token, duration: durationFromMs(DAY_MS) };
  expect(await reasonOf(ada.broker.borrowSeat(request))).toBe("BORROW_REFUSED");
});

test("while the lease key changes brokers sign with either, and a seat goes on whichever is asked", async () => {
  await using others = await runningBrokers({ brokers: 2 });
  const { root, installKey, leaseKey } = others.activation;
  const { privateKey } = await generateKeyPair();
  const next = signingKey("lease", privateKey);
  others.activation.trustVersion = 2;
  others.activation.trustBundle = () =>
    signTrustBundle(root, {
      deployment: "test.leasehold.local",
      version: 2,
      keys: [installKey, leaseKey, next].map(({ kid, purpose, publicKey }) => ({
        kid,
        purpose,
        publicKey,
      })),
      issuedAt: Date.now(),
    });
  await others.stopActivation();
  await others.startActivation();
  const pool = somePool({ policy: { ...OPEN_POLICY, offlineDays: 7 } });
  others.activation.put(pool);
  // Which of them applies the license, is theirs to agree on; the bundle each has to have.
  const accepted = () =>
    others.log.filter(
      ({ message, facts }) => message === "trust bundle accepted" && facts["version"] === 2,
    );
  await vi.waitFor(() => expect(accepted()).toHaveLength(2), { timeout: 10_000 });
  await others.restart(1, { leaseKey: privateKey });
  const ada = await others.installation(pool);
  const { id, token } = await ClientProcess.of(pool, ada).acquireWithin(5_000);
  const request = { leaseId: id.bytes, token, duration: durationFromMs(DAY_MS) };
  const before = await ada.at(0).borrowSeat(request);
  const after = await ada.at(1).borrowSeat(request);
  expect(after.endTime!.getTime()).toBeGreaterThanOrEqual(before.endTime!.getTime());
  const trust = await verifyTrustBundle(await others.activation.trustBundle(), root.publicKey);
  if (trust.kind === "refused") throw new Error(trust.fault);
  const signer = ({ borrow }: seatBroker.BorrowSeatResponse) =>
    (JSON.parse(Buffer.from(borrow.split(".")[0]!, "base64url").toString()) as { kid: string }).kid;
  for (const { borrow } of [before, after])
    expect(await verifyBorrow(borrow, trust.claims, { now: Date.now() })).toMatchObject({
      kind: "verified",
    });
  expect([before, after].map(signer)).toEqual([leaseKey.kid, next.kid]);
  await ada.at(1).releaseSeat({ leaseId: id.bytes });
});
