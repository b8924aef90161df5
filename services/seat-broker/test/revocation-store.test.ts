import { systemClock } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ADMINISTRATOR, administeredPool } from "./administered-pool.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

const VALIDITY_MS = 600_000;
const GRACE_MS = 60_000;
const SPAN_MS = VALIDITY_MS + GRACE_MS;
const DAY_MS = 86_400_000;
const LONG = { validityMs: VALIDITY_MS, graceMs: GRACE_MS };

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

async function stage(given: Parameters<typeof somePool>[0] = {}) {
  const pool = somePool({ ...LONG, seats: 1, ...given });
  return { pool, ...(await administeredPool(stores, pool)) };
}

async function actsOf({ license }: Pool) {
  const text = "select * from administration_act where license = $1 order by number";
  return stores.postgres.query<Record<string, unknown>>({ text, values: [license] });
}

async function live({ license }: Pool): Promise<number> {
  return (await stores.seats.readStanding(license)).live;
}

test("a seat that was taken back is free once its holder has released it", async () => {
  const { hold, revoke, beat, acquire, release } = await stage();
  const ada = await hold();
  expect(await revoke(ada.id)).toBeUndefined();
  expect(await beat(ada)).toBe("revoked");
  expect(await acquire()).toBe("NO_SEATS");
  expect(await acquire({ id: ada.id, holder: ada.holder })).toBe("LEASE_REVOKED");
  await release(ada);
  expect(await acquire()).toMatchObject({ token: expect.anything() as unknown });
});

test("a seat that was taken back from a silent holder is free when a lease may be over", async () => {
  const { hold, revoke, acquire, pass, beat } = await stage();
  const ada = await hold();
  await revoke(ada.id);
  await pass(SPAN_MS - 60_000);
  expect(await beat(ada)).toBe("revoked");
  expect(await acquire()).toBe("NO_SEATS");
  await pass(60_000);
  expect(typeof (await acquire())).toBe("object");
  expect(await beat(ada)).toBe("revoked");
});

test("a seat that was taken back does not come back after Redis lost everything, nor is it free too early", async () => {
  const { hold, revoke, loseData, beat, acquire, pass } = await stage();
  const ada = await hold();
  await revoke(ada.id);
  await loseData();
  expect(await beat(ada)).toBe("revoked");
  expect(await acquire()).toBe("RECOVERING");
  await pass(SPAN_MS - 60_000);
  expect(await beat(ada)).toBe("revoked");
  expect(await acquire()).toBe("RECOVERING");
  await pass(60_000);
  expect(typeof (await acquire())).toBe("object");
  expect(await beat(ada)).toBe("revoked");
});

test("a seat that was taken back just before Redis lost everything does not come back", async () => {
  const { pool, administration, hold, loseData, beat } = await stage();
  const ada = await hold();
  // The broker that was asked gets no further than this.
  await administration.revoke({
    license: pool.license,
    id: ada.id,
    installation: undefined,
    immediate: false,
    reason: "",
    subject: ADMINISTRATOR,
    time: systemClock.now(),
    forgetTime: systemClock.now() + DAY_MS,
  });
  await loseData();
  expect(await beat(ada)).toBe("revoked");
});

test("the seat of a holder that is not back yet can be taken back, and stays so", async () => {
  const { hold, revoke, loseData, beat, acquire } = await stage({ seats: 2 });
  const [ada, bob] = [await hold(), await hold()];
  await loseData();
  expect(await acquire()).toBe("RECOVERING");
  expect(await revoke(ada.id)).toBeUndefined();
  expect(await beat(ada)).toBe("revoked");
  expect(await beat(bob)).toBe("renewed");
  await loseData();
  expect(await beat(ada)).toBe("revoked");
  expect(await beat(bob)).toBe("renewed");
});

test("a seat stays taken back for as long as tokens of longer leases are believed", async () => {
  const { pool, hold, revoke, loseData, beat, pass, release } = await stage({
    seats: 2,
    validityMs: 3_600_000,
  });
  const [ada, bob] = [await hold(), await hold()];
  const shorter = { ...pool, revision: 2n, terms: { ...pool.terms, validityMs: 3_000 } };
  await stores.pools.keep(shorter);
  await stores.seats.applyTerms(shorter);
  await loseData();
  expect(await beat(ada)).toBe("renewed");
  expect(await revoke(ada.id)).toBeUndefined();
  await pass(3_000_000);
  // Which forgets what is over.
  await release(bob);
  expect(await beat(ada)).toBe("revoked");
});

test("a seat is not taken back while an earlier primary may be at work", async () => {
  await using fenced = await openStores({ fenceMs: 12_000 });
  const pool = somePool(LONG);
  const { administration, hold, promote, revoke, beat, pass } = await administeredPool(
    fenced,
    pool,
  );
  const ada = await hold();
  await promote();
  expect(await revoke(ada.id)).toBe("RECOVERING");
  expect(await administration.isRevoked(pool.license, ada.id)).toBe(false);
  await pass(12_000);
  expect(await beat(ada)).toBe("renewed");
  expect(await revoke(ada.id)).toBeUndefined();
  expect(await beat(ada)).toBe("revoked");
});

test("a seat that is freed at once is granted again while its holder may rely on it, and that is kept", async () => {
  const { pool, hold, revoke, acquire, beat, loseData } = await stage();
  const ada = await hold();
  expect(await revoke(ada.id, true)).toBeUndefined();
  const bob = await hold();
  expect(await beat(ada)).toBe("revoked");
  expect(await beat(bob)).toBe("renewed");
  expect(await acquire({ id: ada.id, holder: ada.holder })).toBe("LEASE_EXPIRED");
  expect(await actsOf(pool)).toMatchObject([{ lease: ada.id.member, immediate: true }]);
  await loseData();
  expect(await beat(ada)).toBe("revoked");
  expect(await beat(bob)).toBe("renewed");
});

test("a seat that was taken back can be freed at once afterwards, which is an act of its own", async () => {
  const { pool, hold, revoke, acquire } = await stage();
  const ada = await hold();
  await revoke(ada.id);
  await revoke(ada.id);
  expect(await acquire()).toBe("NO_SEATS");
  await revoke(ada.id, true);
  await revoke(ada.id, true);
  await revoke(ada.id);
  expect(typeof (await acquire())).toBe("object");
  expect((await actsOf(pool)).map(({ immediate }) => immediate)).toEqual([false, true]);
});

test("all seats of a lease are taken back together", async () => {
  const { pool, hold, revoke, beat, release } = await stage({ seats: 5 });
  const ada = await hold({ claim: { seats: 3, features: [] } });
  const bob = await hold();
  await revoke(ada.id);
  expect([await beat(ada), await beat(bob), await live(pool)]).toEqual(["revoked", "renewed", 4]);
  await release(ada);
  expect(await live(pool)).toBe(1);
});

test.each([false, true])(
  "of a seat that is shared only the lease that was taken back ends, at once: %s",
  async (immediate) => {
    const { pool, hold, revoke, beat, release } = await stage({
      policy: { ...OPEN_POLICY, sharing: "PER_USER" },
    });
    const [one, other] = [await hold(), await hold()];
    await revoke(one.id, immediate);
    expect([await beat(one), await beat(other), await live(pool)]).toEqual([
      "revoked",
      "renewed",
      1,
    ]);
    await release(one);
    expect([await beat(other), await live(pool)]).toEqual(["renewed", 1]);
  },
);

test("a lease that nobody has cannot be taken back, and may be granted afterwards", async () => {
  const { pool, administration, hold, revoke, release, pass, acquire } = await stage();
  const id = someLease(pool.license);
  expect(await revoke(id)).toBe("NOT_FOUND");
  const ada = await hold({ id });
  await release(ada);
  expect(await revoke(id)).toBe("NOT_FOUND");
  const bob = await hold();
  await pass(SPAN_MS);
  expect(await revoke(bob.id)).toBe("NOT_FOUND");
  expect(await administration.isRevoked(pool.license, id)).toBe(false);
  expect(typeof (await acquire())).toBe("object");
  expect(await actsOf(pool)).toEqual([]);
});

test("a lease that its holder released is not taken for one that is not back yet", async () => {
  const { pool, hold, release, promote, acquire, revoke } = await stage({ seats: 2 });
  const ada = await hold();
  await release(ada);
  await promote();
  await stores.pools.start(pool.license); // an epoch that was lost
  expect(await acquire()).toBe("RECOVERING");
  expect(await revoke(ada.id)).toBe("NOT_FOUND");
});

test("to take back a lease again succeeds after it has ended, too", async () => {
  const { pool, hold, revoke, release } = await stage();
  const ada = await hold();
  await revoke(ada.id);
  await release(ada);
  expect(await revoke(ada.id)).toBeUndefined();
  expect(await actsOf(pool)).toHaveLength(1);
});

test("who took a seat back, whose it was, when and why is kept for good", async () => {
  const { pool, hold, revoke, administration } = await stage();
  const holder = someHolder();
  const ada = await hold({ holder });
  const before = systemClock.now();
  await revoke(ada.id);
  const acts = await actsOf(pool);
  expect(acts).toMatchObject([
    {
      kind: "REVOKE_SEAT",
      lease: ada.id.member,
      installation: holder.installation,
      immediate: false,
      reason: "leaves the company",
      subject: ADMINISTRATOR,
    },
  ]);
  const { act_time: time } = acts[0] as { readonly act_time: Date };
  expect(time.getTime()).toBeGreaterThanOrEqual(before);
  expect(time.getTime()).toBeLessThanOrEqual(systemClock.now());
  for (const text of [
    "delete from administration_act",
    "update administration_act set reason = ''",
  ])
    await expect(stores.postgres.query({ text })).rejects.toThrow(/append-only/);
  await administration.prune(systemClock.now() + 365 * DAY_MS);
  expect(await actsOf(pool)).toEqual(acts);
});

test("what was taken back is forgotten a week after nobody can hold it any more", async () => {
  const { pool, administration, hold, revoke } = await stage();
  const ada = await hold();
  await revoke(ada.id);
  const now = systemClock.now();
  await administration.prune(now + 7 * DAY_MS);
  expect(await administration.isRevoked(pool.license, ada.id)).toBe(true);
  await administration.prune(now + 7 * DAY_MS + SPAN_MS);
  expect(await administration.isRevoked(pool.license, ada.id)).toBe(false);
});

test("to look for a lease tells how long it lasts and whose it is, and leaves the time as it is believed", async () => {
  const { pool, hold } = await stage();
  const { id, holder } = await hold();
  const found = await stores.seats.find(pool.license, id);
  if (found.kind !== "found") throw new Error(found.kind);
  expect(found.installation).toBe(holder.installation);
  expect(found.endsInMs).toBeLessThanOrEqual(SPAN_MS);
  expect(found.endsInMs).toBeGreaterThan(SPAN_MS - 10_000);
  const [renewal] = await stores.seats.renew([{ license: pool.license, members: [id.member] }]);
  expect(renewal).toMatchObject({ kind: "decided", outcomes: ["renewed"] });
});
