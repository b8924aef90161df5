import type { seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { FeatureGrant, Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY, type SeatGroup, type SeatPolicy } from "../src/domain/seat-policy.ts";
import { openWait } from "./open-wait.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

// Claims through the real service: what a client of a license with a seat policy meets.

const LONG = { timeout: 10_000, interval: 10 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

interface Sold {
  readonly seats?: number;
  readonly features?: readonly FeatureGrant[];
  readonly policy?: Partial<SeatPolicy>;
}

/** Who asks for what. */
interface Asks {
  readonly user?: string;
  readonly host?: string;
  readonly seats?: number;
  readonly features?: string[];
  readonly leaseId?: Buffer;
  readonly broker?: number;
}

function poolOf({ seats = 3, features = [{ feature: "cam" }], policy = {} }: Sold): Pool {
  return somePool({ seats, features, policy: { ...OPEN_POLICY, ...policy } });
}

/** A license, and an installation of it. */
async function sold(terms: Sold) {
  const pool = poolOf(terms);
  await running.issue(pool);
  const ada = await running.installation(pool);
  return {
    pool,
    acquire: (asks: Asks = {}) => acquire(pool, ada, asks),
    release: (leaseId: Buffer) => ada.broker.releaseSeat({ leaseId }),
    renew: async ({ leaseId, token }: seatBroker.Lease) => {
      const { renewals } = await ada.broker.renewSeats({ heartbeats: [{ leaseId, token }] });
      return renewals[0]!.validity === undefined ? "refused" : "renewed";
    },
    wait: async (asks: Asks = {}) => {
      const leaseId = asks.leaseId ?? someLease(pool.license).bytes;
      const waits = openWait(ada.at(asks.broker ?? 0), leaseId, undefined, saidBy(asks));
      await vi.waitFor(() => expect(waits.offered() || waits.ahead.length > 0).toBe(true), LONG);
      return { ...waits, leaseId };
    },
    list: () => listed(pool),
    /** Changes what is sold, and tells once the brokers know. */
    change: (other: Sold) =>
      running.issue({ ...poolOf(other), license: pool.license, name: pool.name, revision: 2n }),
  };
}

function saidBy({ user = "ada", host = "difference", seats = 0, features = [] }: Asks) {
  const versions = { applicationVersion: "1.0", serverVersion: "" };
  const holder = { installation: "", user, host, process: "17", ...versions };
  return { holder, claim: { seats, features } };
}

async function acquire(pool: Pool, ada: Installation, asks: Asks): Promise<seatBroker.Lease> {
  const leaseId = asks.leaseId ?? someLease(pool.license).bytes;
  const answer = await ada.at(asks.broker ?? 0).acquireSeat({ leaseId, ...saidBy(asks) });
  return answer.lease!;
}

async function listed({ name }: Pool) {
  const request = { parent: name, pageSize: 0, pageToken: "", filter: undefined };
  const { seats, pool } = await running.desk().listSeats(request);
  return { seats, pool: pool! };
}

function group(name: string, given: Partial<SeatGroup>): SeatGroup {
  const nobody = { users: [], hosts: [], installations: [], reservedSeats: 0, priority: 0 };
  return { group: name, ...nobody, ...given };
}

test("a feature has seats of its own, and its name is told when they are taken", async () => {
  const license = await sold({ features: [{ feature: "cam" }, { feature: "fem", seats: 1 }] });
  const first = await license.acquire({ features: ["fem"] });
  const problem = await problemOf(license.acquire({ features: ["cam", "fem"], broker: 1 }));
  expect(problem).toMatchObject({ reason: "NO_SEATS", metadata: { feature: "fem" } });
  await license.acquire({ features: ["cam"] });
  const { pool } = await license.list();
  expect(pool.subPools).toEqual([{ scope: { $case: "feature", value: "fem" }, seats: 1, live: 1 }]);
  await license.release(first.leaseId);
  await license.acquire({ features: ["fem"] });
});

test("where seats of the license are lacking no feature is named", async () => {
  const license = await sold({ seats: 1, features: [{ feature: "fem", seats: 5 }] });
  await license.acquire();
  expect((await problemOf(license.acquire({ features: ["fem"] }))).metadata).toEqual({});
});

test("a feature that the license does not unlock, or of which it has no seats, is refused", async () => {
  const license = await sold({ features: [{ feature: "cam" }, { feature: "fem", seats: 0 }] });
  const problem = await problemOf(license.acquire({ features: ["cam", "paint"] }));
  expect(problem).toMatchObject({ reason: "FEATURE_NOT_LICENSED", metadata: { feature: "paint" } });
  expect(await reasonOf(license.acquire({ features: ["fem"] }))).toBe("NO_SEATS");
});

test("whoever the policy excludes has no seat and no place in the queue", async () => {
  const groups = [group("guests", { users: ["eve"] })];
  const license = await sold({ policy: { groups, excludeGroups: ["guests"] } });
  expect(await reasonOf(license.acquire({ user: "eve" }))).toBe("HOLDER_EXCLUDED");
  await license.acquire({ user: "ada" });
  const ada = await running.installation(license.pool);
  const { bytes } = someLease(license.pool.license);
  const waits = openWait(ada.broker, bytes, undefined, saidBy({ user: "eve" }));
  expect(await waits.ended).toMatchObject({ reason: "HOLDER_EXCLUDED" });
});

test("a hundred seats are one lease: all of them or none", async () => {
  const license = await sold({ seats: 120 });
  const lease = await license.acquire({ seats: 100 });
  expect(await reasonOf(license.acquire({ seats: 21 }))).toBe("NO_SEATS");
  expect(await license.renew(lease)).toBe("renewed");
  const { pool, seats } = await license.list();
  expect([pool.live, seats.map(({ claim }) => claim?.seats)]).toEqual([100, [100]]);
  await license.release(lease.leaseId);
  expect((await license.list()).pool.live).toBe(0);
});

test("twenty limited features are one lease, and leave with it", async () => {
  const codes = Array.from({ length: 20 }, (_, i) => `feature-${i}`);
  const features = codes.map((feature) => ({ feature, seats: 1 }));
  const license = await sold({ features });
  const lease = await license.acquire({ features: codes });
  expect(await license.renew(lease)).toBe("renewed");
  for (const code of codes)
    expect(await reasonOf(license.acquire({ features: [code] }))).toBe("NO_SEATS");
  await license.release(lease.leaseId);
  await license.acquire({ features: codes });
});

test.each([
  ["101 seats", { seats: 101 }, "claim.seats"],
  ["fewer than none", { seats: -1 }, "claim.seats"],
  ["21 features", { features: Array.from({ length: 21 }, () => "cam") }, "claim.features"],
  ["a feature without a code", { features: [""] }, "claim.features[0]"],
])("a claim of %s is refused with the field's name", async (_, asks, field) => {
  const license = await sold({});
  const problem = await problemOf(license.acquire(asks));
  expect(problem.violations.map((violation) => violation.field)).toEqual([field]);
});

test("a repeated call has what the lease has, whatever it claims", async () => {
  const license = await sold({ features: [{ feature: "fem", seats: 1 }] });
  const first = await license.acquire({ seats: 2 });
  const { leaseId } = first;
  const again = await license.acquire({ leaseId, seats: 1, features: ["fem"] });
  expect(again.fencingToken).toBe(first.fencingToken);
  const { pool, seats } = await license.list();
  expect(pool.live).toBe(2);
  expect(seats.map(({ claim }) => claim)).toEqual([{ seats: 2, features: [] }]);
  expect(await license.renew(again)).toBe("renewed");
  await license.acquire({ features: ["fem"] });
});

test("processes of a user share a seat until the last of them has gone", async () => {
  const license = await sold({ seats: 1, policy: { sharing: "PER_USER" } });
  const one = await license.acquire({ host: "difference" });
  const two = await license.acquire({ host: "analytical", broker: 1 });
  expect(two.fencingToken).toBeGreaterThan(one.fencingToken);
  expect(await reasonOf(license.acquire({ user: "bob" }))).toBe("NO_SEATS");
  const { pool, seats } = await license.list();
  expect([pool.live, seats.length]).toEqual([1, 2]);
  await license.release(one.leaseId);
  // Before the other one's next heartbeat, which would take the seat again.
  expect(await reasonOf(license.acquire({ user: "bob" }))).toBe("NO_SEATS");
  expect(await license.renew(two)).toBe("renewed");
  await license.release(two.leaseId);
  await license.acquire({ user: "bob" });
});

test("whoever joins a shared seat has it at once, though others wait", async () => {
  const license = await sold({ seats: 1, policy: { sharing: "PER_USER" } });
  await license.acquire();
  await using waits = await license.wait({ user: "bob" });
  await license.acquire({ host: "analytical" });
  await using joins = await license.wait({ host: "third", broker: 1 });
  expect(await joins.ended).toBe("offer");
  expect(waits.offered()).toBe(false);
});

test("what is kept for a group only its members have, and more if there is more", async () => {
  const groups = [group("vips", { users: ["eve"], reservedSeats: 1 })];
  const license = await sold({ seats: 3, policy: { groups } });
  await license.acquire({ user: "bob" });
  expect(await reasonOf(license.acquire({ user: "bob", seats: 2 }))).toBe("NO_SEATS");
  await license.acquire({ user: "eve", seats: 2 });
  const { pool } = await license.list();
  expect(pool.subPools).toEqual([{ scope: { $case: "group", value: "vips" }, seats: 1, live: 2 }]);
});

test("seats beyond those of the license say so, and there are no more than that", async () => {
  const license = await sold({ seats: 1, policy: { overdraft: 1 } });
  const leases = [await license.acquire(), await license.acquire({ broker: 1 })];
  expect(leases.map(({ overdraft }) => overdraft)).toEqual([false, true]);
  expect(await reasonOf(license.acquire())).toBe("NO_SEATS");
  const { seats } = await license.list();
  expect(seats.filter(({ overdraft }) => overdraft)).toHaveLength(1);
});

test("a higher class waits in front, at whichever broker", async () => {
  const groups = [group("vips", { users: ["eve"], priority: 5 })];
  const license = await sold({ seats: 1, policy: { groups } });
  const { leaseId } = await license.acquire();
  await using bob = await license.wait({ user: "bob" });
  await using eve = await license.wait({ user: "eve", broker: 1 });
  expect(eve.ahead).toEqual([0]);
  await vi.waitFor(() => expect(bob.ahead.at(-1)).toBe(1), LONG);
  await license.release(leaseId);
  expect(await eve.ended).toBe("offer");
  expect(await reasonOf(license.acquire({ user: "bob", leaseId: bob.leaseId }))).toBe("NO_SEATS");
  await license.acquire({ user: "eve", leaseId: eve.leaseId });
});

test("whoever waits for a feature keeps nobody from seats that it could not use", async () => {
  const license = await sold({ seats: 3, features: [{ feature: "fem", seats: 1 }] });
  const { leaseId } = await license.acquire({ features: ["fem"] });
  await using first = await license.wait({ features: ["fem"] });
  await using second = await license.wait({ features: ["fem"] });
  await license.acquire();
  await license.acquire();
  await license.release(leaseId);
  expect(await first.ended).toBe("offer");
  expect(await reasonOf(license.acquire())).toBe("NO_SEATS");
  await license.acquire({ features: ["fem"], leaseId: first.leaseId });
  expect(second.offered()).toBe(false);
});

test("whoever wants many seats is not passed over by those behind who want few", async () => {
  const license = await sold({ seats: 3 });
  const leases = [await license.acquire(), await license.acquire(), await license.acquire()];
  await using many = await license.wait({ seats: 3 });
  for (const { leaseId } of leases) {
    expect(await reasonOf(license.acquire({ broker: 1 }))).toBe("NO_SEATS");
    await license.release(leaseId);
  }
  expect(await many.ended).toBe("offer");
  await license.acquire({ seats: 3, leaseId: many.leaseId });
});

test("a policy that changes takes no seat from its holder, and admits nobody by the old one", async () => {
  const license = await sold({ seats: 2, features: [{ feature: "fem" }] });
  const eve = await license.acquire({ user: "eve", features: ["fem"] });
  await license.acquire({ user: "bob", broker: 1 });
  const groups = [group("guests", { users: ["eve", "bob"] })];
  const features = [{ feature: "fem", seats: 0 }, { feature: "cam" }];
  await license.change({ seats: 4, features, policy: { groups, excludeGroups: ["guests"] } });
  expect(await license.renew(eve)).toBe("renewed");
  for (const broker of [0, 1])
    expect(await reasonOf(license.acquire({ user: "bob", broker }))).toBe("HOLDER_EXCLUDED");
  expect(await reasonOf(license.acquire({ features: ["fem"] }))).toBe("NO_SEATS");
  await license.acquire({ features: ["cam"] });
  const { pool } = await license.list();
  expect(pool.subPools).toEqual([{ scope: { $case: "feature", value: "fem" }, seats: 0, live: 1 }]);
});
