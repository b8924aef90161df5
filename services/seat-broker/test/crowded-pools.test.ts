import { afterAll, beforeAll, expect, test } from "vitest";
import { poolKeys } from "../src/store/pool-keys.ts";
import { settleCrowded } from "../src/use-cases/settle-crowded-pools.ts";
import { administeredPool } from "./administered-pool.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { somePool } from "./some-pool.ts";

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

const SPAN_MS = 55_000;

/** Three hold a seat each, and the license has only one any more. */
async function crowded() {
  const pool = somePool({ seats: 3 });
  const scene = await administeredPool(stores, pool);
  const holders = [await scene.hold(), await scene.hold(), await scene.hold()];
  const lowered = { ...pool, revision: 2n, terms: { ...pool.terms, seats: 1 } };
  await stores.pools.keep(lowered);
  await stores.seats.applyTerms(lowered);
  return { scene, holders, license: pool.license };
}

test("holders beyond seats that were lowered come back after a loss of data, and nobody else gets one", async () => {
  const { scene, holders } = await crowded();
  await scene.loseData();
  for (const holder of holders) expect(await scene.beat(holder)).toBe("renewed");
  expect(await scene.acquire()).toBe("RECOVERING");
  await scene.pass(SPAN_MS);
  for (const holder of holders) await scene.release(holder);
});

test("a license is looked after while more are live than it has seats, and no longer", async () => {
  const { scene, holders, license } = await crowded();
  await settleCrowded(stores);
  expect(await stores.pools.crowded(1_000)).toContain(license);
  for (const holder of holders.slice(1)) await scene.release(holder);
  await settleCrowded(stores);
  expect(await stores.pools.crowded(1_000)).not.toContain(license);
});

test("a pool that recovers is not taken for one that has room again", async () => {
  const { scene, license } = await crowded();
  await scene.loseData();
  await scene.acquire();
  await settleCrowded(stores);
  expect(await stores.pools.crowded(1_000)).toContain(license);
});

test("seats that ran out while nobody looked may be live still, and are told apart", async () => {
  const { scene, license } = await crowded();
  const [key = ""] = poolKeys(license);
  const standing = () => stores.seats.readStanding(license);
  expect(await standing()).toMatchObject({ live: 3, sure: { revision: 2n } });
  // The pool was looked at last before the leases ended, and its time may turn out to have stood still.
  for (const field of ["skipped", "seen"])
    await stores.client.hincrby(key, field, -SPAN_MS - 1_000);
  expect(await standing()).toMatchObject({ live: 0, sure: undefined });
  await settleCrowded(stores);
  expect(await stores.pools.crowded(1_000)).toContain(license);
  await scene.acquire();
  expect((await standing()).sure).toMatchObject({ revision: 2n });
});
