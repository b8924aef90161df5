import { systemClock } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { redisSeatStore } from "../src/store/redis-seat-store.ts";
import type { Returner, SeatStore } from "../src/use-cases/ports.ts";
import type { PoolSetUp } from "../src/use-cases/pool-ports.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

const FENCE_MS = 12_000;
const HOUR_MS = 3_600_000;
const SPAN_MS = 55_000;
const UNDRAINED = { drained: false, revision: 0n };
const ONE_SEAT = { seats: 1, features: [] };

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: FENCE_MS });
});
afterAll(() => stores[Symbol.asyncDispose]());

/** A set-up as it would be made now, of a Redis that has been there for an hour. */
async function setUpOf(
  pool: Pool,
  given: { epoch?: bigint; now?: number; name?: string; since?: number } = {},
): Promise<PoolSetUp> {
  const { now, name } = await stores.seats.readIncarnation(pool.license);
  return {
    incarnation: { now: given.now ?? now, name: given.name ?? name, trustedSince: 0 },
    since: given.since ?? now - HOUR_MS,
    start: {
      pool: { ...pool, drain: UNDRAINED },
      epoch: given.epoch ?? 1n,
      longestLeaseMs: SPAN_MS,
      room: 0,
    },
  };
}

function acquire(pool: Pool, seats: SeatStore = stores.seats) {
  const id = someLease(pool.license);
  const request = { license: pool.license, id, holder: someHolder(), claim: ONE_SEAT };
  return seats.acquire(request, { revision: pool.revision, packed: "", priority: 0 });
}

/** As many holders of one seat each, who prove that they had it. */
function returnersTo({ license }: Pool, count: number): readonly Returner[] {
  return Array.from({ length: count }, (_, index) => ({
    member: someLease(license).member,
    installation: someHolder().installation,
    fence: (1n << 32n) | BigInt(index + 1),
    claim: "",
    expiry: systemClock.now() + HOUR_MS,
  }));
}

async function endsInMs(pool: Pool): Promise<number> {
  const outcome = await acquire(pool);
  return outcome.kind === "recovering" ? outcome.endsInMs : 0;
}

test("a license that was never set up grants at once", async () => {
  const pool = somePool();
  expect(await acquire(pool)).toEqual({ kind: "unset" });
  expect(await stores.seats.setUp(await setUpOf(pool))).toBe("set-up");
  expect((await acquire(pool)).kind).toBe("granted");
});

test("a sound pool is left as it is, whatever epoch arrives", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool));
  const before = await acquire(pool);
  expect(await stores.seats.setUp(await setUpOf(pool, { epoch: 2n }))).toBe("sound");
  expect(await acquire(pool)).toMatchObject({ kind: "granted", fence: (1n << 32n) | 2n });
  expect(before).toMatchObject({ fence: (1n << 32n) | 1n });
});

test("a pool whose data were lost learns for as long as a lease may live, from now on", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool, { epoch: 2n }));
  const left = await endsInMs(pool);
  expect(left).toBeGreaterThan(SPAN_MS - 5_000);
  expect(left).toBeLessThanOrEqual(SPAN_MS);
});

test("under a new incarnation nothing is decided until the earlier primary has certainly stopped", async () => {
  const pool = somePool();
  const { now } = await stores.seats.readIncarnation(pool.license);
  await stores.seats.setUp(await setUpOf(pool, { epoch: 2n, since: now }));
  const [renewal] = await stores.seats.renew([
    { license: pool.license, members: [someLease(pool.license).member] },
  ]);
  expect(renewal).toMatchObject({ kind: "recovering" });
  const left = await endsInMs(pool);
  expect(left).toBeGreaterThan(FENCE_MS - 5_000);
  expect(left).toBeLessThanOrEqual(FENCE_MS);
  const { id, installation } = {
    id: someLease(pool.license),
    installation: someHolder().installation,
  };
  expect((await stores.seats.release(pool.license, id, installation)).kind).toBe("recovering");
});

test("a license that nobody used since a restart long ago need not wait", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool, { epoch: 4n }));
  await beOfAnotherIncarnation(pool);
  await stores.seats.setUp(await setUpOf(pool, { epoch: 5n }));
  expect((await acquire(pool)).kind).toBe("unrestored");
  await stores.seats.restore(pool.license, () =>
    Promise.resolve({ epoch: 5n, revoked: [], borrowed: [] }),
  );
  expect((await acquire(pool)).kind).toBe("granted");
});

test("each set-up takes an epoch of its own, above those of before", async () => {
  const pool = somePool();
  await stores.pools.keep(pool);
  const epochs: unknown[] = [];
  for (let i = 0; i < 4; i += 1) epochs.push((await stores.pools.start(pool.license))?.epoch);
  expect(epochs).toEqual([1n, 2n, 3n, 4n]);
});

test("nobody comes back before what must last is given back", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool, { epoch: 2n }));
  const returners = returnersTo(pool, 1);
  expect(await stores.seats.readmit(pool.license, returners)).toEqual({ kind: "unrestored" });
});

test("no more come back than there is room for", async () => {
  const pool = somePool({ seats: 2 });
  await stores.seats.setUp(await setUpOf(pool, { epoch: 2n }));
  await stores.seats.restore(pool.license, () =>
    Promise.resolve({ epoch: 2n, revoked: [], borrowed: [] }),
  );
  expect(await stores.seats.readmit(pool.license, returnersTo(pool, 3))).toMatchObject({
    outcomes: ["renewed", "renewed", "gone"],
  });
});

test("what was read for an earlier set-up is not given to a pool", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool, { epoch: 4n }));
  await beOfAnotherIncarnation(pool);
  await stores.seats.setUp(await setUpOf(pool, { epoch: 5n }));
  await stores.seats.restore(pool.license, () =>
    Promise.resolve({ epoch: 4n, revoked: [], borrowed: [] }),
  );
  expect((await acquire(pool)).kind).toBe("unrestored");
});

test("data that are not the newest there were prove nothing", async () => {
  const pool = somePool();
  await stores.seats.setUp(await setUpOf(pool, { epoch: 4n }));
  await beOfAnotherIncarnation(pool);
  await stores.seats.setUp(await setUpOf(pool, { epoch: 6n }));
  expect(await endsInMs(pool)).toBeGreaterThan(SPAN_MS - 5_000);
});

test("a set-up that comes late, or of a Redis that is another now, sets nothing up", async () => {
  const pool = somePool();
  const { now } = await stores.seats.readIncarnation(pool.license);
  for (const setUp of [
    await setUpOf(pool, { now: now - 5_000 }),
    await setUpOf(pool, { now: now + 5_000 }),
    await setUpOf(pool, { name: "another" }),
  ])
    expect(await stores.seats.setUp(setUp)).toBe("repeat");
  expect(await acquire(pool)).toEqual({ kind: "unset" });
});

test("newer terms that arrived first outlive a set-up with older ones", async () => {
  const pool = somePool({ seats: 1, revision: 3n });
  await stores.seats.applyTerms(pool);
  await stores.seats.setUp(await setUpOf({ ...pool, revision: 2n, terms: somePool().terms }));
  expect((await acquire(pool)).kind).toBe("granted");
  expect((await acquire(pool)).kind).toBe("full");
  expect(await stores.seats.readTerms(pool.license)).toEqual({ ...pool, drain: UNDRAINED });
});

test("terms of an older revision change nothing", async () => {
  const pool = somePool({ seats: 1, revision: 2n });
  await stores.seats.setUp(await setUpOf(pool));
  await stores.seats.applyTerms(somePool({ seats: 9, revision: 1n, license: pool.license }));
  expect(await stores.seats.readTerms(pool.license)).toEqual({ ...pool, drain: UNDRAINED });
});

test("the loss of a feature's seats is noticed before one of them is granted twice", async () => {
  const pool = somePool({ features: [{ feature: "cam", seats: 1 }] });
  await stores.seats.setUp(await setUpOf(pool));
  const acquireCam = () => {
    const id = someLease(pool.license);
    const claim = { seats: 1, features: ["cam"] };
    const request = { license: pool.license, id, holder: someHolder(), claim };
    return stores.seats.acquire(request, { revision: 1n, packed: "1,,,cam", priority: 0 });
  };
  expect((await acquireCam()).kind).toBe("granted");
  expect((await acquireCam()).kind).toBe("full");
  expect(await stores.client.del(`lease:{${tagOf(pool)}}:f:cam`)).toBe(1);
  expect(await acquireCam()).toEqual({ kind: "unset" });
});

test.each(["m", "z", "s", "h", "t", "x", "d"])(
  "the loss of key %s alone grants no seat twice",
  async (key) => {
    const pool = somePool({ seats: 1 });
    await stores.seats.setUp(await setUpOf(pool));
    expect((await acquire(pool)).kind).toBe("granted");
    const [found = ""] = await stores.client.keys(`*${tagOf(pool)}*:${key}`);
    await stores.client.del(found);
    await stores.seats.setUp(await setUpOf(pool, { epoch: 2n }));
    expect((await acquire(pool)).kind).not.toBe("granted");
  },
);

test("a call that was decided on too long ago is not carried out", async () => {
  const skewed = skewedStore();
  const pool = somePool();
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  expect((await acquire(pool, skewed.seats)).kind).toBe("granted");
  skewed.by(-5_000);
  expect((await acquire(pool, skewed.seats)).kind).toBe("misjudged");
});

test("a step forward of Redis' clock ends no lease", async () => {
  const skewed = skewedStore();
  const pool = somePool({ seats: 1 });
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  await acquire(pool, skewed.seats);
  // To the broker it looks as if Redis' clock had gone on by a day meanwhile.
  skewed.by(-24 * HOUR_MS);
  expect((await acquire(pool, skewed.seats)).kind).toBe("misjudged");
  await skewed.seats.readIncarnation(pool.license);
  expect((await acquire(pool, skewed.seats)).kind).toBe("full");
});

test("after a step back of Redis' clock nothing is decided before it was read again", async () => {
  const skewed = skewedStore();
  const pool = somePool();
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  await acquire(pool, skewed.seats);
  skewed.by(2_300);
  expect((await acquire(pool, skewed.seats)).kind).toBe("misjudged");
  await skewed.seats.readIncarnation(pool.license);
  expect((await acquire(pool, skewed.seats)).kind).toBe("granted");
});

/** A store whose own clock can be moved against that of Redis. */
function skewedStore() {
  let skew = 0;
  const clock = { monotonic: () => systemClock.monotonic() + skew };
  return {
    seats: redisSeatStore({ redis: stores.redis, clock, fenceMs: FENCE_MS, apart: setImmediate }),
    by: (ms: number) => {
      skew += ms;
    },
  };
}

async function beOfAnotherIncarnation(pool: Pool): Promise<void> {
  await stores.client.hset(`lease:{${tagOf(pool)}}:m`, "incarnation", "another");
}

function tagOf({ license }: Pool): string {
  return Buffer.from(license.replaceAll("-", ""), "hex").toString("base64url");
}
