import { systemClock } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { versionOf } from "../src/domain/pool.ts";
import { seatWakes } from "../src/use-cases/seat-wakes.ts";
import { takeBackUnnamed } from "../src/use-cases/take-back-unnamed.ts";
import { administeredPool } from "./administered-pool.ts";
import { type OpenStores, openStores, silentEvents } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

const UNDRAINED = { drained: false, revision: 0n };
const ONE_SEAT = { packed: "", priority: 0 };

function named(pool: ReturnType<typeof somePool>, revision: bigint, ...users: readonly string[]) {
  return { ...pool, terms: { ...pool.terms, naming: { revision, users: new Set(users) } } };
}

test("whom a license names comes out of both stores as it went in", async () => {
  const pool = named(somePool({ model: "NAMED_USER", seats: 5 }), 3n, "ada", "Zoë", 'a"b');
  await stores.pools.keep(pool);
  expect(await stores.pools.read(pool.license)).toEqual({ ...pool, drain: UNDRAINED });
  await stores.recover(pool.license);
  expect(await stores.seats.readTerms(pool.license)).toEqual({ ...pool, drain: UNDRAINED });
  expect((await stores.seats.readStanding(pool.license)).sure).toMatchObject({ revision: 1n });
});

test("in both stores the newer of two namings stays, in whatever order they come", async () => {
  const first = named(somePool({ model: "NAMED_USER" }), 9n, "ada");
  await stores.pools.keep(first);
  await stores.recover(first.license);
  for (const [pool, stays] of [
    [named(first, 10n, "bob"), "bob"],
    [named(first, 9n, "ada"), "bob"],
    [named({ ...first, revision: 2n }, 10n, "cho"), "cho"],
    [named(first, 12n, "dan"), "cho"],
    [named({ ...first, revision: 10n }, 12n, "eve"), "eve"],
    [named({ ...first, revision: 9n }, 100n, "dan"), "eve"],
  ] as const) {
    await stores.pools.keep(pool);
    await stores.seats.applyTerms(pool);
    for (const kept of [
      await stores.pools.read(first.license),
      await stores.seats.readTerms(first.license),
    ])
      expect([...(kept?.terms.naming?.users ?? [])]).toEqual([stays]);
  }
});

test("what was decided by an earlier naming is decided anew, seats, places in the queue and borrowing", async () => {
  const pool = named(somePool({ model: "NAMED_USER", seats: 1 }), 1n, "ada");
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  const { license } = pool;
  const holder = someHolder();
  const request = () => ({
    license,
    id: someLease(license),
    holder,
    claim: { seats: 1, features: [] },
  });
  const old = versionOf(pool);
  const newer = named(pool, 2n, "ada", "bob");
  await stores.seats.applyTerms(newer);
  expect(await stores.seats.acquire(request(), { ...ONE_SEAT, ...old })).toEqual({ kind: "moved" });
  const waiting = { ...request(), place: undefined };
  expect(await stores.seats.wait(waiting, { ...ONE_SEAT, ...old })).toEqual({ kind: "moved" });
  const held = request();
  const granted = await stores.seats.acquire(held, { ...ONE_SEAT, ...versionOf(newer) });
  expect(granted.kind).toBe("granted");
  const borrowing = { license, id: held.id, installation: holder.installation };
  expect(await stores.seats.borrow(borrowing, { ...old, durationMs: 60_000 })).toEqual({
    kind: "moved",
  });
  const term = { ...versionOf(newer), durationMs: 60_000 };
  expect(await stores.seats.borrow(borrowing, term)).toMatchObject({ kind: "borrowed" });
});

test("a newer naming that arrived first outlives a set-up with an older one", async () => {
  const pool = named(somePool({ model: "NAMED_USER" }), 9n, "ada");
  await stores.pools.keep(pool);
  await stores.seats.applyTerms(named(pool, 10n, "bob"));
  await stores.recover(pool.license);
  const inForce = await stores.seats.readTerms(pool.license);
  expect([...(inForce?.terms.naming?.users ?? [])]).toEqual(["bob"]);
});

test("whoever is back after a failover, and was named no more meanwhile, loses the seat", async () => {
  const pool = named(somePool({ model: "NAMED_USER" }), 1n, "ada", "bob");
  const site = await administeredPool(stores, pool);
  const { administration } = site;
  const ports = { ...stores, administration, wakes: seatWakes(), clock: systemClock };
  const takeBack = takeBackUnnamed({ ...ports, events: silentEvents });
  const bob = await site.hold({ holder: { ...someHolder(), user: "bob" } });
  const ada = await site.hold();
  await site.promote();
  // Sets the pool up; bob is not back yet.
  expect(await site.beat(ada)).toBe("renewed");
  const newer = named(pool, 2n, "ada");
  await stores.pools.keep(newer);
  await stores.seats.applyTerms(newer);
  await takeBack(newer);
  expect(await site.beat(bob)).toBe("renewed");
  await takeBack(newer);
  expect([await site.beat(bob), await site.beat(ada)]).toEqual(["revoked", "renewed"]);
  // Whoever is told of the recovery was decided about by terms of before; it comes to nothing either.
  const refusals = ["USER_NOT_NAMED", "RECOVERING"];
  const asked = await site.acquire({ holder: { ...someHolder(), user: "bob" } });
  expect(refusals).toContain(asked);
});

test("what was taken back stays so after a loss of all data", async () => {
  const pool = named(somePool({ model: "NAMED_USER" }), 1n, "ada", "bob");
  const site = await administeredPool(stores, pool);
  const { administration } = site;
  const ports = { ...stores, administration, wakes: seatWakes(), clock: systemClock };
  const bob = await site.hold({ holder: { ...someHolder(), user: "bob" } });
  const newer = named(pool, 2n, "ada");
  await stores.pools.keep(newer);
  await stores.seats.applyTerms(newer);
  await takeBackUnnamed({ ...ports, events: silentEvents })(newer);
  await site.loseData();
  expect(await site.beat(bob)).toBe("revoked");
});
