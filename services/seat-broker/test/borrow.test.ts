import { systemClock, systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepBorrowsOnce } from "../src/use-cases/keep-borrows.ts";
import { BorrowScene, DAY_MS, SPAN_MS } from "./borrow-scene.ts";
import { type OpenStores, openStores, silentEvents } from "./open-stores.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { someHolder } from "./some-pool.ts";

// Time passes by letting less of Redis' time not count.

/** What a seat borrowed for a day is kept longer than its holder may rely on it. */
const MARGIN_MS = SPAN_MS + DAY_MS / 1000;
const ONE_SEAT = { seats: 1 };

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

test("a borrowed seat stays taken without heartbeats until its end, and a little longer", async () => {
  const scene = await BorrowScene.of(stores, ONE_SEAT);
  await scene.borrow(await scene.acquire(), 1);
  await scene.pass(DAY_MS + MARGIN_MS - 10_000);
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
  await scene.pass(10_001);
  expect(await scene.acquire()).toBeDefined();
});

test("its file says whose it is, what it is and until when", async () => {
  const scene = await BorrowScene.of(stores);
  const got = await scene.acquire(someHolder(), { seats: 2, features: ["dataflow"] });
  const { endTime, borrow } = await scene.borrow(got, 1);
  const now = Date.now();
  expect(Math.abs(endTime - now - DAY_MS)).toBeLessThan(5_000);
  expect(await scene.claims(borrow)).toMatchObject({
    deployment: "test.leasehold.local",
    product: "products/flow",
    license: scene.pool.name,
    installation: `installations/${got.holder.installation}`,
    lease: got.id.bytes.toString("base64url"),
    fencingToken: got.fence,
    seats: 2,
    features: ["dataflow"],
    holder: { user: "ada", host: "difference", process: "17" },
    endTime: Math.floor(endTime / 1000) * 1000,
  });
});

test("borrowed again, a seat has the same end, or a later one if that is asked for", async () => {
  const scene = await BorrowScene.of(stores);
  const got = await scene.acquire();
  const { endTime } = await scene.borrow(got, 2);
  await scene.pass(3_600_000);
  // As far as Redis' clock is concerned the hour was never there.
  const moved = endTime - 3_600_000;
  expect((await scene.borrow(got, 1)).endTime).toBe(moved);
  expect((await scene.borrow(got, 30)).endTime).toBeGreaterThan(moved + 27 * DAY_MS);
  expect((await scene.borrow(got, 1)).endTime).toBeGreaterThan(moved + 27 * DAY_MS);
});

test.each([
  ["a seat", []],
  ["a seat with a limited feature", ["cam"]],
])(
  "a holder of %s that was borrowed keeps its end when it sends heartbeats",
  async (_, features) => {
    const scene = await BorrowScene.of(stores, {
      seats: 1,
      features: [{ feature: "cam", seats: 1 }],
    });
    const got = await scene.acquire(someHolder(), { seats: 1, features });
    const { endTime } = await scene.borrow(got, 1);
    expect(await scene.beat(got)).toBe("renewed");
    await scene.pass(DAY_MS);
    expect(await scene.live()).toBe(1);
    expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
    expect(endTime).toBeGreaterThan(Date.now());
  },
);

test("administrators see that it is borrowed, and when it is free at the latest", async () => {
  const scene = await BorrowScene.of(stores);
  await scene.acquire();
  const { endTime } = await scene.borrow(await scene.acquire(), 1);
  const [held, borrowed] = await scene.listed();
  expect(held).toMatchObject({ state: "HELD" });
  expect(borrowed).toMatchObject({ state: "BORROWED" });
  expect(Math.abs(borrowed!.expiry - endTime - MARGIN_MS)).toBeLessThan(1_000);
  expect(borrowed!.heartbeatTime).toBeUndefined();
});

test("a seat that is checked in is free at once, and forgotten", async () => {
  const scene = await BorrowScene.of(stores, ONE_SEAT);
  const got = await scene.acquire();
  await scene.borrow(got, 30);
  expect(await scene.remembered()).toEqual([got.id.member]);
  await scene.release(got);
  await scene.release(got);
  expect(await scene.remembered()).toEqual([]);
  expect(await reasonOf(scene.borrow(got, 1))).toBe("LEASE_RELEASED");
  expect(await scene.acquire()).toBeDefined();
});

test("the ledger tells that a seat was borrowed, once, and that it was checked in", async () => {
  const scene = await BorrowScene.of(stores);
  const got = await scene.acquire();
  await scene.borrow(got, 1);
  await scene.borrow(got, 2);
  await scene.release(got);
  const taken = ["grant 0", "grant 1", "end CHECKED_IN"];
  expect((await scene.ledger()).filter((entry) => !entry.startsWith("recovered"))).toEqual(taken);
});

test("taken back, a borrowed seat is not borrowed for longer, and is free no sooner", async () => {
  const scene = await BorrowScene.of(stores, ONE_SEAT);
  const { license } = scene.pool;
  const got = await scene.acquire();
  await scene.borrow(got, 1);
  expect(await stores.seats.revoke(license, got.id, false)).toEqual({ kind: "revoked" });
  const found = await stores.seats.find(license, got.id);
  expect(found.kind === "found" && found.endsInMs).toBeGreaterThan(DAY_MS);
  expect(await reasonOf(scene.borrow(got, 2))).toBe("LEASE_REVOKED");
  expect(await scene.beat(got)).toBe("revoked");
  await scene.pass(DAY_MS);
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
  await scene.pass(MARGIN_MS);
  expect(await scene.acquire()).toBeDefined();
});

test("of a license that may not be used, no seat is borrowed, and borrowed ones stay taken", async () => {
  const scene = await BorrowScene.of(stores, { seats: 2 });
  const [got, other] = [await scene.acquire(), await scene.acquire()];
  await scene.borrow(got, 1);
  const suspended = { ...scene.pool, revision: 2n, state: "SUSPENDED" } as const;
  await stores.pools.keep(suspended);
  await stores.seats.applyTerms(suspended);
  expect(await reasonOf(scene.borrow(got, 2))).toBe("LICENSE_SUSPENDED");
  expect(await reasonOf(scene.borrow(other, 1))).toBe("LICENSE_SUSPENDED");
  await scene.pass(SPAN_MS);
  expect(await scene.live()).toBe(1);
});

test("nobody borrows for longer than the license allows, by the terms in force", async () => {
  const scene = await BorrowScene.of(stores);
  const got = await scene.acquire();
  const refused = await problemOf(scene.borrow(got, 30.01));
  expect(refused).toMatchObject({ reason: "BORROW_REFUSED", metadata: { offline_days: "30" } });
  const { policy } = scene.pool.terms;
  const terms = { ...scene.pool.terms, policy: { ...policy, offlineDays: 2 } };
  const fewer = { ...scene.pool, revision: 2n, terms };
  await stores.pools.keep(fewer);
  await stores.seats.applyTerms(fewer);
  expect(await reasonOf(scene.borrow(got, 3))).toBe("BORROW_REFUSED");
  expect(await scene.borrow(got, 2)).toBeDefined();
});

test("no seat is borrowed beyond the end of the license", async () => {
  const endTime = Date.now() + 10 * DAY_MS;
  const scene = await BorrowScene.of(stores, { endTime });
  const got = await scene.acquire();
  expect((await scene.borrow(got, 30)).endTime).toBe(endTime);
  const ending = await BorrowScene.of(stores, { endTime: Date.now() + 1_900 });
  expect(await reasonOf(ending.acquire().then((last) => ending.borrow(last, 1)))).toBe(
    "LICENSE_EXPIRED",
  );
});

test("while nobody could verify the file, no seat is borrowed", async () => {
  const scene = await BorrowScene.of(stores, ONE_SEAT);
  const got = await scene.acquire();
  const refused = scene.borrow(got, 1, { borrowSigner: () => undefined });
  expect(await reasonOf(refused)).toBe("BORROW_REFUSED");
  expect(await scene.beat(got)).toBe("renewed");
  await scene.pass(SPAN_MS);
  expect(await scene.live()).toBe(0);
});

test("only its holder borrows a seat, while it has it and the pool is not drained", async () => {
  const scene = await BorrowScene.of(stores);
  const [got, other] = [await scene.acquire(), await scene.acquire()];
  expect(await reasonOf(scene.borrow({ ...got, token: other.token }, 1))).toBe(
    "LEASE_TOKEN_INVALID",
  );
  await stores.seats.drain(scene.pool.license, { drained: true, revision: 1n });
  expect(await reasonOf(scene.borrow(got, 1))).toBe("POOL_DRAINED");
  await stores.seats.drain(scene.pool.license, { drained: false, revision: 2n });
  await scene.pass(SPAN_MS);
  expect(await reasonOf(scene.borrow(got, 1))).toBe("LEASE_EXPIRED");
});

test("a shared seat that one of its holders borrowed outlives the others, not their check-in", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1, policy: { sharing: "PER_USER" } });
  const [one, two] = [await scene.acquire(), await scene.acquire()];
  await scene.borrow(one, 1);
  await scene.release(two);
  await scene.pass(SPAN_MS);
  expect(await scene.live()).toBe(1);
  const three = await scene.acquire();
  await scene.release(one);
  expect(await scene.live()).toBe(1);
  await scene.release(three);
  expect(await scene.live()).toBe(0);
});

test("what Redis does not have as borrowed any more is forgotten, and nothing else", async () => {
  const scene = await BorrowScene.of(stores, { seats: 2 });
  const [over, kept] = [await scene.acquire(), await scene.acquire()];
  await scene.borrow(over, 1);
  await scene.borrow(kept, 2);
  const ports = { ...stores, events: silentEvents, clock: systemClock, random: systemRandom };
  await keepBorrowsOnce(ports);
  expect((await scene.remembered()).toSorted()).toEqual(
    [over.id.member, kept.id.member].toSorted(),
  );
  await scene.pass(DAY_MS + MARGIN_MS);
  await scene.acquire();
  await scene.loseData();
  await keepBorrowsOnce(ports);
  expect(await scene.remembered()).toHaveLength(2);
  await scene.recover();
  await scene.release(over, { borrows: { ...stores.borrows, end: () => Promise.resolve() } });
  await keepBorrowsOnce(ports);
  expect(await scene.remembered()).toEqual([kept.id.member]);
});
