import { afterAll, beforeAll, expect, test } from "vitest";
import type { Holder } from "../src/domain/holder.ts";
import type { Pool } from "../src/domain/pool.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { reasonOf } from "./problem-of.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

async function setUp(given: Parameters<typeof somePool>[0]): Promise<Pool> {
  const pool = somePool(given);
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  return pool;
}

/** @param packed what it claims: "" is one seat */
function acquire(pool: Pool, packed = "") {
  const id = someLease(pool.license);
  const request = {
    license: pool.license,
    id,
    holder: someHolder(),
    claim: { seats: 1, features: [] },
  };
  const decided = { revision: pool.revision, packed, priority: 0 };
  return stores.seats.acquire(request, decided);
}

async function kindsOf(outcomes: readonly Promise<{ readonly kind: string }>[]) {
  return (await Promise.all(outcomes)).map(({ kind }) => kind);
}

test("seats that are asked for together are granted in the order of asking", async () => {
  const pool = await setUp({ seats: 3 });
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => acquire(pool)));
  expect(outcomes.map((outcome) => (outcome.kind === "granted" ? outcome.fence : 0n))).toEqual([
    (1n << 32n) | 1n,
    (1n << 32n) | 2n,
    (1n << 32n) | 3n,
    0n,
    0n,
  ]);
  expect(outcomes.map(({ kind }) => kind).slice(3)).toEqual(["full", "full"]);
});

test("more than fit into one call are answered all the same, each by its own license", async () => {
  const [one, other] = [await setUp({ seats: 150 }), await setUp({ seats: 1 })];
  const asked = Array.from({ length: 200 }, () => acquire(one));
  const otherAsked = [acquire(other), acquire(other)];
  const kinds = await kindsOf(asked);
  expect(kinds.filter((kind) => kind === "granted")).toHaveLength(150);
  expect(kinds.filter((kind) => kind === "full")).toHaveLength(50);
  expect(await kindsOf(otherAsked)).toEqual(["granted", "full"]);
});

test("the same lease asked for twice at a time is one lease", async () => {
  const pool = await setUp({ seats: 2 });
  const request = {
    license: pool.license,
    id: someLease(pool.license),
    holder: someHolder(),
    claim: { seats: 1, features: [] },
  };
  const decided = { revision: pool.revision, packed: "", priority: 0 };
  const twice = [stores.seats.acquire(request, decided), stores.seats.acquire(request, decided)];
  const [first, second] = await Promise.all(twice);
  expect(first).toMatchObject({ kind: "granted", fence: (1n << 32n) | 1n });
  expect(second).toMatchObject({ kind: "granted", fence: (1n << 32n) | 1n });
});

test("seats that are given back together are free, whatever becomes of those between", async () => {
  const pool = await setUp({ seats: 3 });
  const mine = someHolder();
  const lease = async (holder: Holder) => {
    const id = someLease(pool.license);
    const request = { license: pool.license, id, holder, claim: { seats: 1, features: [] } };
    await stores.seats.acquire(request, { revision: pool.revision, packed: "", priority: 0 });
    return id;
  };
  const [first, others, last] = [await lease(mine), await lease(someHolder()), await lease(mine)];
  const released = [first, others, last].map((id) =>
    stores.seats.release(pool.license, id, mine.installation),
  );
  expect(await kindsOf(released)).toEqual(["released", "taken", "released"]);
  expect((await stores.seats.readStanding(pool.license)).live).toBe(1);
});

test("once a key turns out to be lost, nothing behind it is decided", async () => {
  const pool = await setUp({ seats: 9, features: [{ feature: "fem", limit: 5n }] });
  await acquire(pool, "1,,,fem");
  const [name] = await stores.client.keys("lease:*:f:fem");
  await stores.client.del(name!);
  const asked = [acquire(pool), acquire(pool, "1,,,fem"), acquire(pool), acquire(pool)];
  expect(await kindsOf(asked)).toEqual(["granted", "unset", "unset", "unset"]);
});

test("where Redis does not answer, each of them is told", async () => {
  const pool = await setUp({ seats: 9 });
  stores.way.cut();
  try {
    const asked = [acquire(pool), acquire(pool)];
    expect(await Promise.all(asked.map(reasonOf))).toEqual([
      "DEPENDENCY_UNAVAILABLE",
      "DEPENDENCY_UNAVAILABLE",
    ]);
  } finally {
    stores.way.mend();
  }
});
