import { durationFromMs, seatBroker } from "@leasehold/contracts";
import { uuidBytes } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool, someUuid } from "./some-pool.ts";

const { RenewalOutcome } = seatBroker;
const HOLDER = {
  installation: "",
  user: "ada",
  host: "difference",
  process: "17",
  applicationVersion: "1.0",
  serverVersion: "",
};

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers();
});
afterAll(() => running[Symbol.asyncDispose]());

async function licensed(pool: Pool = somePool()): Promise<{ pool: Pool; ada: Installation }> {
  await running.issue(pool);
  return { pool, ada: await running.installation(pool) };
}

function acquire({ broker }: Installation, leaseId: Buffer) {
  return broker.acquireSeat({ leaseId, holder: HOLDER, claim: undefined });
}

test("a seat is leased with its validity, a heartbeat, a fence and a token", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const { lease } = await acquire(ada, leaseId);
  expect(lease).toMatchObject({
    leaseId,
    validity: durationFromMs(45_000),
    heartbeat: durationFromMs(11_250),
    fencingToken: (1n << 32n) | 1n,
  });
  expect(lease!.token.length).toBeGreaterThan(32);
});

test("the same call again is answered with the same lease", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const first = await acquire(ada, leaseId);
  const again = await acquire(ada, leaseId);
  expect(again.lease?.fencingToken).toBe(first.lease?.fencingToken);
  const { pool: state } = await running
    .desk()
    .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
  expect(state?.live).toBe(1);
});

test("each grant has a greater fence", async () => {
  const { pool, ada } = await licensed();
  const fences: bigint[] = [];
  for (let i = 0; i < 3; i += 1)
    fences.push((await acquire(ada, someLease(pool.license).bytes)).lease!.fencingToken);
  expect(fences[1]).toBeGreaterThan(fences[0]!);
  expect(fences[2]).toBeGreaterThan(fences[1]!);
});

test("past the last seat nobody gets one, and learns when to ask again", async () => {
  const { pool, ada } = await licensed();
  for (let i = 0; i < 3; i += 1) await acquire(ada, someLease(pool.license).bytes);
  const problem = await problemOf(acquire(ada, someLease(pool.license).bytes));
  expect(problem.reason).toBe("NO_SEATS");
  // In 5 s, and by chance a little later.
  expect(problem.retryAfterMs).toBeGreaterThanOrEqual(5_000);
  expect(problem.retryAfterMs).toBeLessThan(7_000);
});

test("a released seat is free at once, and releasing it again does no harm", async () => {
  const { pool, ada } = await licensed(somePool({ seats: 1 }));
  const leaseId = someLease(pool.license).bytes;
  await acquire(ada, leaseId);
  await ada.broker.releaseSeat({ leaseId });
  await ada.broker.releaseSeat({ leaseId });
  await acquire(ada, someLease(pool.license).bytes);
  expect(await reasonOf(acquire(ada, leaseId))).toBe("LEASE_RELEASED");
});

test("an acquire that was cancelled before it arrived grants nothing", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  await ada.broker.releaseSeat({ leaseId });
  expect(await reasonOf(acquire(ada, leaseId))).toBe("LEASE_RELEASED");
});

test("heartbeats without a stream renew, each answered by itself", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const { lease } = await acquire(ada, leaseId);
  const unknown = someLease(pool.license).bytes;
  const { renewals } = await ada.broker.renewSeats({
    heartbeats: [
      { leaseId, token: lease!.token },
      { leaseId, token: Buffer.from(lease!.token).fill(1, 20) },
      { leaseId: unknown, token: lease!.token },
      { leaseId: Buffer.from("short"), token: lease!.token },
      { leaseId: someLease(someUuid()).bytes, token: lease!.token },
    ],
  });
  expect(renewals.map(({ outcome }) => outcome)).toEqual([
    RenewalOutcome.RENEWED,
    RenewalOutcome.TOKEN_INVALID,
    RenewalOutcome.TOKEN_INVALID,
    RenewalOutcome.TOKEN_INVALID,
    RenewalOutcome.TOKEN_INVALID,
  ]);
  expect(renewals[0]).toMatchObject({ leaseId, validity: durationFromMs(45_000) });
  const again = await ada.broker.renewSeats({
    heartbeats: [{ leaseId, token: renewals[0]!.token }],
  });
  expect(again.renewals[0]?.outcome).toBe(RenewalOutcome.RENEWED);
});

test("the token of a released lease renews nothing", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const { lease } = await acquire(ada, leaseId);
  await ada.broker.releaseSeat({ leaseId });
  const { renewals } = await ada.broker.renewSeats({
    heartbeats: [{ leaseId, token: lease!.token }],
  });
  expect(renewals[0]?.outcome).toBe(RenewalOutcome.EXPIRED);
});

test("another installation of the license can neither renew, nor take, nor release a lease", async () => {
  const { pool, ada } = await licensed();
  const bob = await running.installation(pool);
  const leaseId = someLease(pool.license).bytes;
  const { lease } = await acquire(ada, leaseId);
  const { renewals } = await bob.broker.renewSeats({
    heartbeats: [{ leaseId, token: lease!.token }],
  });
  expect(renewals[0]?.outcome).toBe(RenewalOutcome.TOKEN_INVALID);
  expect(await reasonOf(acquire(bob, leaseId))).toBe("LEASE_ID_TAKEN");
  expect(await reasonOf(bob.broker.releaseSeat({ leaseId }))).toBe("LEASE_ID_TAKEN");
});

test("a lease of another customer's license is as unknown as one of no license", async () => {
  const { ada } = await licensed();
  const foreign = somePool();
  await running.issue(foreign);
  const absent = await problemOf(acquire(ada, someLease(someUuid()).bytes));
  const others = await problemOf(acquire(ada, someLease(foreign.license).bytes));
  expect(others.reason).toBe("NOT_FOUND");
  expect(others).toEqual(absent);
  expect(
    await reasonOf(ada.broker.releaseSeat({ leaseId: someLease(foreign.license).bytes })),
  ).toBe("NOT_FOUND");
});

test("a certificate of a license that activation never told of leases nothing", async () => {
  const pool = somePool();
  const ada = await running.installation(pool);
  expect(await reasonOf(acquire(ada, someLease(pool.license).bytes))).toBe("NOT_FOUND");
});

test.each([
  ["no lease id", Buffer.alloc(0)],
  ["31 bytes", Buffer.alloc(31, 1)],
  ["33 bytes", Buffer.alloc(33, 1)],
])("%s is refused with the field's name", async (_, leaseId) => {
  const { ada } = await licensed();
  const problem = await problemOf(acquire(ada, leaseId));
  expect(problem.reason).toBe("INVALID_REQUEST");
  expect(problem.violations.map(({ field }) => field)).toEqual(["lease_id"]);
});

test("a lease id must end in a UUID of version 7", async () => {
  const { pool, ada } = await licensed();
  const version4 = Buffer.from(someLease(pool.license).bytes);
  version4[22] = 0x40 | (version4[22]! & 0x0f);
  expect(await reasonOf(acquire(ada, version4))).toBe("INVALID_REQUEST");
});

test.each([
  ["10 kB", "a".repeat(10_000)],
  ["a line break", "a\nb"],
  ["NUL", "a\0b"],
  ["10,000 combining marks", `e${"\u0301".repeat(10_000)}`],
  ["a mark that turns the direction", "a\u202eb"],
])("a holder's text with %s is refused", async (_, user) => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const call = ada.broker.acquireSeat({ leaseId, holder: { ...HOLDER, user }, claim: undefined });
  expect((await problemOf(call)).violations.map(({ field }) => field)).toEqual(["holder.user"]);
});

test("hostile text is kept as text", async () => {
  const { pool, ada } = await licensed();
  const user = `'; drop table pool; -- |x|"}{{7*7}} __proto__ 😀`;
  const host = "a|b|c";
  const leaseId = someLease(pool.license).bytes;
  await ada.broker.acquireSeat({ leaseId, holder: { ...HOLDER, user, host }, claim: undefined });
  const { seats } = await running
    .desk()
    .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
  expect(seats[0]?.holder).toEqual({
    ...HOLDER,
    user,
    host,
    installation: `installations/${ada.id}`,
  });
});

test("calls without credentials, with half of them, or with another's proof are refused", async () => {
  const { pool, ada } = await licensed();
  const bob = await running.installation(pool);
  const leaseId = someLease(pool.license).bytes;
  const call = (headers: Record<string, string>) =>
    reasonOf(running.client(headers).acquireSeat({ leaseId, holder: HOLDER, claim: undefined }));
  const certificate = String(ada.headers["lh-installation"]);
  expect(await call({})).toBe("UNAUTHENTICATED");
  expect(await call({ "lh-installation": certificate })).toBe("UNAUTHENTICATED");
  const proof = String(bob.headers["lh-proof"]);
  expect(await call({ "lh-installation": certificate, "lh-proof": proof })).toBe("UNAUTHENTICATED");
  expect(await call({ authorization: "Bearer desk-secret" })).toBe("PERMISSION_DENIED");
});

test("an installation may not list who holds seats", async () => {
  const { pool, ada } = await licensed();
  const list = ada.broker.listSeats({
    parent: pool.name,
    pageSize: 0,
    pageToken: "",
    filter: undefined,
  });
  expect(await reasonOf(list)).toBe("PERMISSION_DENIED");
});

test("seats are listed page by page, none twice and none left out", async () => {
  const { pool, ada } = await licensed(somePool({ seats: 25 }));
  const leases = Array.from({ length: 25 }, () => someLease(pool.license).bytes);
  await Promise.all(leases.map((leaseId) => acquire(ada, leaseId)));
  const seen: string[] = [];
  let pageToken = "";
  let pages = 0;
  do {
    const page = await running
      .desk()
      .listSeats({ parent: pool.name, pageSize: 4, pageToken, filter: undefined });
    expect(page.pool).toMatchObject({ license: pool.name, revision: 1n, live: 25 });
    seen.push(...page.seats.map(({ leaseId }) => leaseId.toString("hex")));
    pageToken = page.nextPageToken;
    pages += 1;
  } while (pageToken !== "");
  expect(pages).toBe(7);
  expect(seen.toSorted()).toEqual(leases.map((id) => id.toString("hex")).toSorted());
});

test("the terms are listed as they were sold, 64-bit limits exactly", async () => {
  const { pool } = await licensed();
  const { pool: listed } = await running
    .desk()
    .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
  expect(listed?.terms).toMatchObject({
    seats: 3,
    features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 2n ** 60n }],
    startTime: new Date(pool.terms.startTime),
    endTime: new Date(pool.terms.endTime),
  });
});

test("bad pages and unknown licenses are refused", async () => {
  const { pool, ada } = await licensed(somePool({ seats: 2 }));
  for (let i = 0; i < 2; i += 1) await acquire(ada, someLease(pool.license).bytes);
  const desk = running.desk();
  const list = (parent: string, pageSize = 1, pageToken = "") =>
    desk.listSeats({ parent, pageSize, pageToken, filter: undefined });
  expect(await reasonOf(list(pool.name, -1))).toBe("INVALID_REQUEST");
  expect(await reasonOf(list("licenses/x"))).toBe("INVALID_REQUEST");
  expect(await reasonOf(list(pool.name, 1, "made-up"))).toBe("INVALID_REQUEST");
  const { nextPageToken } = await list(pool.name);
  const edited = `9${nextPageToken.slice(1)}`;
  expect(await reasonOf(list(pool.name, 1, edited))).toBe("INVALID_REQUEST");
  const other = somePool();
  await running.issue(other);
  expect(await reasonOf(list(other.name, 1, nextPageToken))).toBe("INVALID_REQUEST");
  expect(await reasonOf(list(`customers/acme/licenses/${someUuid()}`))).toBe("NOT_FOUND");
  expect(await reasonOf(list(`customers/other/licenses/${pool.license}`))).toBe("NOT_FOUND");
  expect((await list(pool.name, 2 ** 31 - 1)).seats).toHaveLength(2);
});

test.each([0, 1_001])("a message of %d heartbeats is refused", async (length) => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const heartbeats = Array.from({ length }, () => ({ leaseId, token: Buffer.alloc(51) }));
  expect(await reasonOf(ada.broker.renewSeats({ heartbeats }))).toBe("INVALID_REQUEST");
});

test("1,000 seats are renewed in one message, in its order", async () => {
  const { pool, ada } = await licensed(somePool({ seats: 1_000 }));
  const leases = Array.from({ length: 1_000 }, () => someLease(pool.license).bytes);
  const granted: Awaited<ReturnType<typeof acquire>>[] = [];
  while (granted.length < leases.length) {
    const some = leases.slice(granted.length, granted.length + 100);
    granted.push(...(await Promise.all(some.map((leaseId) => acquire(ada, leaseId)))));
  }
  const heartbeats = granted.map(({ lease }) => ({ leaseId: lease!.leaseId, token: lease!.token }));
  const { renewals } = await ada.broker.renewSeats({ heartbeats });
  expect(renewals.every(({ outcome }) => outcome === RenewalOutcome.RENEWED)).toBe(true);
  expect(renewals.map(({ leaseId }) => leaseId.toString("hex"))).toEqual(
    leases.map((id) => id.toString("hex")),
  );
});

test("the license's part of a lease id is the license of the certificate", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  expect(leaseId.subarray(0, 16)).toEqual(Buffer.from(uuidBytes(pool.license)));
  await acquire(ada, leaseId);
});
