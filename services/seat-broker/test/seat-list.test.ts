import { seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { openWait } from "./open-wait.ts";
import { problemOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const { SeatState } = seatBroker;
const SPAN_MS = 55_000;
const ANY: seatBroker.SeatFilter = {
  user: "",
  host: "",
  installation: "",
  feature: "",
  state: SeatState.UNSPECIFIED,
};
const LONG = { timeout: 10_000, interval: 10 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers();
});
afterAll(() => running[Symbol.asyncDispose]());

async function licensed(given: Parameters<typeof somePool>[0] = {}) {
  const pool = somePool({ seats: 10, ...given });
  await running.issue(pool);
  return { pool, ada: await running.installation(pool) };
}

interface Wanted {
  readonly user?: string;
  readonly host?: string;
  readonly seats?: number;
  readonly features?: string[];
}

async function acquire({ broker }: Installation, pool: Pool, wanted: Wanted = {}): Promise<Buffer> {
  const { user = "ada", host = "difference", seats = 1, features = [] } = wanted;
  const leaseId = someLease(pool.license).bytes;
  const holder = { installation: "", user, host, process: "17", applicationVersion: "1.0" };
  await broker.acquireSeat({ leaseId, holder, claim: { seats, features } });
  return leaseId;
}

function list(
  { name }: Pool,
  filter?: Partial<seatBroker.SeatFilter>,
  pageSize = 0,
  pageToken = "",
) {
  const wanted = filter && { ...ANY, ...filter };
  return running.desk().listSeats({ parent: name, pageSize, pageToken, filter: wanted });
}

/** The leases that a filter leaves, in hexadecimal, sorted. */
async function found(pool: Pool, filter: Partial<seatBroker.SeatFilter>) {
  const { seats, nextPageToken } = await list(pool, filter);
  expect(nextPageToken).toBe("");
  return hexOf(seats.map(({ leaseId }) => leaseId));
}

function hexOf(leases: readonly Buffer[]): readonly string[] {
  return leases.map((lease) => lease.toString("hex")).toSorted();
}

function revoke(leaseId: Buffer) {
  return running.desk().revokeSeat({ leaseId, reason: "", immediate: false });
}

test("a seat is listed with what it takes, where it was acquired from, and when its holder was heard of", async () => {
  const { pool, ada } = await licensed();
  const leaseId = await acquire(ada, pool, { seats: 3, features: ["diagrams", "dataflow"] });
  const { seats } = await list(pool);
  expect(seats).toMatchObject([
    {
      leaseId,
      holder: { installation: `installations/${ada.id}`, user: "ada", host: "difference" },
      claim: { seats: 3, features: ["dataflow", "diagrams"] },
      address: expect.stringMatching(/127\.0\.0\.1/) as unknown,
      state: SeatState.HELD,
      overdraft: false,
    },
  ]);
  const [{ grantTime, heartbeatTime, expireTime }] = seats as [seatBroker.Seat];
  // The one by the pool's time, which may lag a little.
  expect(Math.abs(heartbeatTime!.getTime() - grantTime!.getTime())).toBeLessThan(2_000);
  expect(expireTime!.getTime() - heartbeatTime!.getTime()).toBe(SPAN_MS);
});

test("a heartbeat moves the time at which a holder was heard of, not that of the grant", async () => {
  const { pool, ada } = await licensed();
  const leaseId = someLease(pool.license).bytes;
  const { lease } = await ada.broker.acquireSeat({ leaseId, holder: undefined, claim: undefined });
  const [before] = (await list(pool)).seats;
  await vi.waitFor(async () => {
    await ada.broker.renewSeats({ heartbeats: [{ leaseId, token: lease!.token }] });
    const [after] = (await list(pool)).seats;
    expect(after!.heartbeatTime!.getTime()).toBeGreaterThan(before!.heartbeatTime!.getTime());
    expect(after!.grantTime).toEqual(before!.grantTime);
  }, LONG);
});

test("seats are filtered by user, host, installation, feature and state, and by all of them together", async () => {
  const { pool, ada } = await licensed();
  const bob = await running.installation(pool);
  const one = await acquire(ada, pool, { user: "ada", host: "a", features: ["dataflow"] });
  const two = await acquire(bob, pool, { user: "bob", host: "a", features: ["diagrams"] });
  const three = await acquire(bob, pool, { user: "ada", host: "b", seats: 2 });
  await revoke(two);
  expect(await found(pool, {})).toEqual(hexOf([one, two, three]));
  expect(await found(pool, { user: "ada" })).toEqual(hexOf([one, three]));
  expect(await found(pool, { host: "a" })).toEqual(hexOf([one, two]));
  expect(await found(pool, { installation: `installations/${bob.id}` })).toEqual(
    hexOf([two, three]),
  );
  expect(await found(pool, { feature: "diagrams" })).toEqual(hexOf([two]));
  expect(await found(pool, { state: SeatState.REVOKED })).toEqual(hexOf([two]));
  expect(await found(pool, { state: SeatState.HELD })).toEqual(hexOf([one, three]));
  expect(await found(pool, { state: SeatState.BORROWED })).toEqual([]);
  expect(await found(pool, { user: "ada", host: "a", feature: "dataflow" })).toEqual(hexOf([one]));
  expect(await found(pool, { user: "ada", host: "a", feature: "diagrams" })).toEqual([]);
  expect(await found(pool, { user: "ad" })).toEqual([]);
});

test("what a filter leaves of many seats is found page by page, none twice and none left out", async () => {
  const { pool, ada } = await licensed({ seats: 300 });
  const rare: Buffer[] = [];
  for (let i = 0; i < 300; i += 50) {
    await Promise.all(Array.from({ length: 49 }, () => acquire(ada, pool)));
    rare.push(await acquire(ada, pool, { user: "rare" }));
  }
  const seen: Buffer[] = [];
  let pageToken = "";
  do {
    const page = await list(pool, { user: "rare" }, 2, pageToken);
    expect(page.seats.length).toBeLessThanOrEqual(2);
    expect(page.pool?.live).toBe(300);
    seen.push(...page.seats.map(({ leaseId }) => leaseId));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(hexOf(seen)).toEqual(hexOf(rare));
});

test("leases that share a seat are listed together and counted once, each with a state of its own", async () => {
  const { pool, ada } = await licensed({ policy: { ...OPEN_POLICY, sharing: "PER_USER" } });
  const bob = await running.installation(pool);
  const shared = [await acquire(ada, pool), await acquire(bob, pool), await acquire(bob, pool)];
  const own = await acquire(bob, pool, { user: "bob" });
  await revoke(shared[1]!);
  const pages = [];
  let pageToken = "";
  do {
    const page = await list(pool, undefined, 1, pageToken);
    expect(page.pool?.live).toBe(2);
    pages.push(page.seats);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(
    pages
      .map((seats) => seats.length)
      .filter((length) => length > 0)
      .toSorted((a, b) => a - b),
  ).toEqual([1, 3]);
  expect(hexOf(pages.flat().map(({ leaseId }) => leaseId))).toEqual(hexOf([...shared, own]));
  expect(await found(pool, { state: SeatState.REVOKED })).toEqual(hexOf([shared[1]!]));
  expect(await found(pool, { installation: `installations/${ada.id}` })).toEqual(
    hexOf([shared[0]!]),
  );
});

test("seats beyond those of the license are told apart, and who waits is counted", async () => {
  const { pool, ada } = await licensed({ seats: 1, policy: { ...OPEN_POLICY, overdraft: 1 } });
  const [within, beyond] = [await acquire(ada, pool), await acquire(ada, pool)];
  await using waiter = openWait(ada.broker, someLease(pool.license).bytes);
  await vi.waitFor(() => expect(waiter.ahead).toEqual([0]), LONG);
  const { seats, pool: standing } = await list(pool);
  expect(standing).toMatchObject({ live: 2, waiting: 1, drained: false });
  const overdraft = new Map(seats.map((seat) => [seat.leaseId.toString("hex"), seat.overdraft]));
  expect(overdraft.get(within.toString("hex"))).toBe(false);
  expect(overdraft.get(beyond.toString("hex"))).toBe(true);
});

test("the seats of a feature are counted by themselves", async () => {
  const features = [{ feature: "dataflow", seats: 4 }, { feature: "diagrams" }];
  const { pool, ada } = await licensed({ features });
  await acquire(ada, pool, { features: ["dataflow"] });
  await acquire(ada, pool, { seats: 2, features: ["dataflow", "diagrams"] });
  await acquire(ada, pool);
  const { pool: standing } = await list(pool);
  expect(standing).toMatchObject({ live: 4 });
  expect(standing?.subPools).toEqual([
    { scope: { $case: "feature", value: "dataflow" }, seats: 4, live: 3 },
  ]);
});

test("a pool that is drained is told as drained, also before its first use", async () => {
  const { pool } = await licensed();
  await running.desk().drainPool({ license: pool.name });
  expect((await list(pool)).pool).toMatchObject({ drained: true, live: 0 });
  await running.desk().resumePool({ license: pool.name });
  expect((await list(pool)).pool).toMatchObject({ drained: false });
});

test.each([
  ["a user of 201 code points", { user: "u".repeat(201) }, "filter.user"],
  ["a host with NUL", { host: "a\0" }, "filter.host"],
  ["an installation that is no name", { installation: "ada" }, "filter.installation"],
  ["a feature that turns the direction", { feature: "a\u202e" }, "filter.feature"],
  [
    "a state that the contract does not have",
    { state: 77 as seatBroker.SeatState },
    "filter.state",
  ],
])("a filter with %s is refused", async (_, filter, field) => {
  const { pool } = await licensed();
  const problem = await problemOf(list(pool, filter));
  expect(problem.reason).toBe("INVALID_REQUEST");
  expect(problem.violations.map((violation) => violation.field)).toEqual([field]);
});
