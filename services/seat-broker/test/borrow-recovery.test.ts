import { Problem } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepBorrowsOnce } from "../src/use-cases/keep-borrows.ts";
import { BorrowScene, DAY_MS, recovering, SPAN_MS, troubled } from "./borrow-scene.ts";
import { type OpenStores, openStores, silentEvents } from "./open-stores.ts";
import { reasonOf } from "./problem-of.ts";
import { someHolder } from "./some-pool.ts";

// What faults between the steps of a borrow or a check-in come to.

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

const away = () => Promise.reject(new Problem("DEPENDENCY_UNAVAILABLE"));

test("after a loss of data borrowed seats are there again, and nobody who works loses one", async () => {
  const scene = await BorrowScene.of(stores, { seats: 3 });
  const [away1, away2, works] = [
    await scene.acquire(),
    await scene.acquire(),
    await scene.acquire(),
  ];
  const { endTime } = await scene.borrow(away1, 30);
  await scene.borrow(away2, 1);
  await scene.loseData();
  expect(await reasonOf(scene.acquire())).toBe("RECOVERING");
  expect(await scene.beat(works)).toBe("renewed");
  await scene.pass(SPAN_MS - 1_000);
  expect(await scene.beat(works)).toBe("renewed");
  await scene.pass(2_000);
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
  const again = await scene.borrow(away1, 1);
  expect(Math.abs(again.endTime + SPAN_MS - endTime)).toBeLessThan(5_000);
  expect(await scene.claims(again.borrow)).toMatchObject({ fencingToken: away1.fence });
  await scene.release(away2);
  expect(await scene.acquire()).toBeDefined();
});

test("what several seats and features take is taken again after a loss of data", async () => {
  const features = [{ feature: "dataflow", seats: 2 }];
  const scene = await BorrowScene.of(stores, { seats: 4, features });
  const got = await scene.acquire(someHolder(), { seats: 2, features: ["dataflow"] });
  await scene.borrow(got, 1);
  await scene.loseData();
  await scene.recover();
  await scene.pass(SPAN_MS + 1);
  const dataflow = { seats: 1, features: ["dataflow"] };
  expect(await reasonOf(scene.acquire(someHolder(), dataflow))).toBe("NO_SEATS");
  await scene.acquire(someHolder(), { seats: 2, features: [] });
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
});

test("a shared seat that was borrowed is shared again after a loss of data", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1, policy: { sharing: "PER_USER" } });
  await scene.borrow(await scene.acquire(), 1);
  await scene.loseData();
  await scene.recover();
  await scene.pass(SPAN_MS + 1);
  expect(await scene.acquire()).toBeDefined();
  expect(await reasonOf(scene.acquire({ ...someHolder(), user: "luigi" }))).toBe("NO_SEATS");
});

test("without Postgres no file is made; the seat is its holder's, who may repeat the call", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const failing = scene.borrow(got, 1, troubled(stores, { keep: away }));
  expect(await reasonOf(failing)).toBe("DEPENDENCY_UNAVAILABLE");
  await scene.pass(2 * SPAN_MS);
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
  expect(await scene.beat(got)).toBe("renewed");
  const { borrow } = await scene.borrow(got, 1);
  expect(await scene.claims(borrow)).toMatchObject({ fencingToken: got.fence });
});

test("without Postgres no file is made; the seat can be given back all the same", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const lost = troubled(stores, { keep: (keep) => keep().then(away) });
  expect(await reasonOf(scene.borrow(got, 1, lost))).toBe("DEPENDENCY_UNAVAILABLE");
  await scene.release(got);
  await scene.loseData();
  await scene.recover();
  expect(await scene.live()).toBe(0);
});

test("a broker that dies before the file is made leaves nothing that a repetition does not finish", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const signer = { borrowSigner: () => away };
  expect(await reasonOf(scene.borrow(got, 1, signer))).toBe("DEPENDENCY_UNAVAILABLE");
  await scene.loseData();
  const { borrow } = await scene.borrow(got, 1);
  expect(await scene.claims(borrow)).toMatchObject({ fencingToken: got.fence });
});

test("a pool that is set up anew before Postgres knows of a borrow makes it vain, and keeps no seat for it", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const loses = troubled(stores, {
    keep: async (keep) => {
      await scene.loseData();
      await scene.recover();
      return keep();
    },
  });
  expect(await reasonOf(scene.borrow(got, 1, loses))).toBe("RECOVERING");
  expect(await scene.remembered()).toEqual([]);
  await scene.pass(SPAN_MS + 1);
  const works = await scene.acquire();
  await scene.loseData();
  expect(await scene.beat(works)).toBe("renewed");
});

test("an epoch that was taken in vain costs a borrow no more than another attempt", async () => {
  const scene = await BorrowScene.of(stores);
  const got = await scene.acquire();
  let taken = 0;
  const vain = troubled(stores, {
    keep: async (keep) => {
      if (taken++ === 0) await stores.pools.start(scene.pool.license);
      return keep();
    },
  });
  expect(await scene.borrow(got, 1, vain)).toBeDefined();
  expect(taken).toBe(2);
  expect(await scene.remembered()).toEqual([got.id.member]);
});

test("a loss of data after Postgres knows of a borrow costs nothing: the pool is given it back", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const loses = troubled(stores, {
    keep: async (keep) => {
      const kept = await keep();
      await scene.loseData();
      return kept;
    },
  });
  expect(await scene.borrow(got, 1, loses)).toBeDefined();
  await scene.pass(SPAN_MS + 1);
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
});

test("no file is made for a seat that Redis has not any more, even if Postgres was told in time", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  // Not the first epoch: in that one nobody is waited for.
  await scene.loseData();
  expect(await scene.beat(got)).toBe("renewed");
  const overtaken = troubled(stores, {
    keep: async (keep) => {
      // Set up by an epoch that was taken before the borrow began, and arrived late.
      await scene.loseData();
      await setUpWithoutEpoch(scene);
      return keep();
    },
  });
  expect(await reasonOf(scene.borrow(got, 1, overtaken))).toBe("RECOVERING");
});

/** As a broker does that took the pool's newest epoch a moment ago, and read then what to give back. */
async function setUpWithoutEpoch({ pool }: BorrowScene): Promise<void> {
  const epoch = (await stores.borrows.epochOf(pool.license))!;
  const incarnation = await stores.seats.readIncarnation(pool.license);
  const drained = { ...pool, drain: { drained: false, revision: 0n } };
  const start = { pool: drained, epoch, longestLeaseMs: SPAN_MS, room: pool.terms.seats };
  await stores.seats.setUp({ incarnation, since: incarnation.now, start });
  const nothing = { epoch, revoked: [], borrowed: [] };
  await stores.seats.restore(pool.license, () => Promise.resolve(nothing));
}

test("a check-in that stops halfway keeps no seat from anybody after a loss of data", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  await scene.borrow(got, 30);
  const dies = troubled(stores, { end: (end) => end().then(away) });
  expect(await reasonOf(scene.release(got, dies))).toBe("DEPENDENCY_UNAVAILABLE");
  expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
  await scene.loseData();
  await scene.recover();
  await scene.pass(SPAN_MS + 1);
  expect(await scene.acquire()).toBeDefined();
});

test("a check-in that stops halfway is finished by its repetition", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  await scene.borrow(got, 30);
  const dies = troubled(stores, { end: (end) => end().then(away) });
  expect(await reasonOf(scene.release(got, dies))).toBe("DEPENDENCY_UNAVAILABLE");
  await scene.release(got);
  expect(await scene.acquire()).toBeDefined();
});

test("a check-in right after a loss of data is not undone by what is given back to the pool", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  await scene.borrow(got, 30);
  await scene.loseData();
  const slow = recovering(stores.seats, {
    ...stores.pools,
    readRestoration: async (license) => {
      const read = await stores.pools.readRestoration(license);
      await scene.release(got);
      return read;
    },
  });
  await slow.recover(scene.pool.license);
  expect(await scene.remembered()).toEqual([]);
  expect(await scene.live()).toBe(0);
  await scene.pass(SPAN_MS + 1);
  expect(await scene.acquire()).toBeDefined();
});

test.each([
  ["while others come back", 0],
  ["when nobody is waited for any more", SPAN_MS + 1],
])("a pool that was not given back yet what it lost refuses no borrower %s", async (_, passed) => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  await scene.borrow(got, 1);
  await scene.loseData();
  const without = recovering(stores.seats, {
    ...stores.pools,
    readRestoration: () => Promise.resolve(undefined),
  });
  await without.recover(scene.pool.license);
  expect(await scene.live()).toBe(0);
  await scene.pass(passed);
  expect(await scene.beat(got)).toBe("renewed");
  expect(await scene.live()).toBe(1);
  expect(await scene.borrow(got, 2)).toBeDefined();
});

test("two seats borrowed at once on the last two seats, and a third one never, through losses", async () => {
  const scene = await BorrowScene.of(stores, { seats: 2 });
  const both = [await scene.acquire(), await scene.acquire()];
  await Promise.all(both.map((got) => scene.borrow(got, 1)));
  for (let loss = 0; loss < 2; loss += 1) {
    await scene.loseData();
    await scene.recover();
    await scene.pass(SPAN_MS + 1);
    expect(await reasonOf(scene.acquire())).toBe("NO_SEATS");
    expect(await scene.live()).toBe(2);
  }
  // By Postgres' clock they have a day to go: in the pool's time the learning passed twice.
  await scene.pass(DAY_MS);
  expect(await scene.live()).toBe(2);
});

test("a borrow that nobody got the file of is forgotten once its lease is over", async () => {
  const scene = await BorrowScene.of(stores, { seats: 1 });
  const got = await scene.acquire();
  const dies = troubled(stores, { keep: (keep) => keep().then(away) });
  await reasonOf(scene.borrow(got, 1, dies));
  await scene.loseData();
  await setUpWithoutEpoch(scene);
  await keepBorrowsOnce({ ...stores, events: silentEvents });
  expect(await scene.remembered()).toEqual([]);
});
