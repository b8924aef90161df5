import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMINISTRATOR, administeredPool } from "./administered-pool.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { somePool } from "./some-pool.ts";

const VALIDITY_MS = 600_000;
const GRACE_MS = 60_000;
const SPAN_MS = VALIDITY_MS + GRACE_MS;

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

async function stage() {
  const pool = somePool({ validityMs: VALIDITY_MS, graceMs: GRACE_MS });
  return { pool, ...(await administeredPool(stores, pool)) };
}

test("a drained pool grants nobody a seat until it is resumed, and leases go on", async () => {
  const { hold, drain, acquire, beat } = await stage();
  const ada = await hold();
  await drain(true);
  expect(await acquire()).toBe("POOL_DRAINED");
  expect(await beat(ada)).toBe("renewed");
  // The answer to an acquire from before was lost.
  expect(typeof (await acquire({ id: ada.id, holder: ada.holder }))).toBe("object");
  await drain(false);
  expect(typeof (await acquire())).toBe("object");
});

test("a pool that was drained before it was ever used is drained", async () => {
  const { drain, acquire } = await stage();
  await drain(true);
  expect(await acquire()).toBe("POOL_DRAINED");
});

test("a drained pool stays so after Redis lost everything, and holders keep their seats", async () => {
  const { hold, drain, loseData, acquire, beat, pass } = await stage();
  const ada = await hold();
  await drain(true);
  await loseData();
  expect(await acquire()).toBe("RECOVERING");
  expect(await beat(ada)).toBe("renewed");
  await pass(SPAN_MS);
  expect(await acquire()).toBe("POOL_DRAINED");
  await drain(false);
  expect(typeof (await acquire())).toBe("object");
});

test.each([true, false])(
  "a pool can be drained and resumed while it recovers: %s",
  async (drained) => {
    const { hold, drain, loseData, acquire, beat, pass } = await stage();
    const ada = await hold();
    await drain(!drained);
    await loseData();
    expect(await acquire()).toBe("RECOVERING");
    await drain(drained);
    expect(await beat(ada)).toBe("renewed");
    await pass(SPAN_MS);
    const outcome = await acquire();
    expect(typeof outcome === "string" ? outcome : "granted").toBe(
      drained ? "POOL_DRAINED" : "granted",
    );
  },
);

test("of a drain and a resumption that overtake each other in Redis the newer one counts", async () => {
  const { pool, hold, acquire } = await stage();
  await hold();
  await stores.seats.drain(pool.license, { drained: false, revision: 2n });
  await stores.seats.drain(pool.license, { drained: true, revision: 1n });
  expect(typeof (await acquire())).toBe("object");
});

test("a drain that meets a set-up under way is not undone by it", async () => {
  const { pool, drain, acquire } = await stage();
  const incarnation = await stores.seats.readIncarnation(pool.license);
  const start = (await stores.pools.start(pool.license))!;
  await drain(true);
  await stores.seats.setUp({ incarnation, since: 0, start });
  expect(await acquire()).toBe("POOL_DRAINED");
});

test("to drain a drained pool, or resume one that is not, is no act", async () => {
  const { pool, drain } = await stage();
  for (const drained of [false, true, true, false, false]) await drain(drained);
  const text =
    "select kind, subject, lease from administration_act where license = $1 order by number";
  expect(await stores.postgres.query({ text, values: [pool.license] })).toEqual([
    { kind: "DRAIN_POOL", subject: ADMINISTRATOR, lease: null },
    { kind: "RESUME_POOL", subject: ADMINISTRATOR, lease: null },
  ]);
  expect((await stores.pools.read(pool.license))?.drain).toEqual({ drained: false, revision: 2n });
});
