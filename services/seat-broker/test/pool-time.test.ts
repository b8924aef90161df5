import { afterAll, beforeAll, expect, test } from "vitest";
import type { Holder } from "../src/domain/holder.ts";
import type { LeaseId } from "../src/domain/lease-id.ts";
import type { Pool } from "../src/domain/pool.ts";
import { acquireOutcomes, batchOutcome, replyOf } from "../src/store/script-replies.ts";
import { callAcquire, callReadmit, callRenew, nodeOf } from "../src/store/seat-scripts.ts";
import type { AcquireOutcome, BatchOutcome } from "../src/use-cases/ports.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

// What a pool makes of what its callers know of Redis' clock. That a clock stepped is played by moving what
// the pool has seen of it.

const MINUTE_MS = 60_000;
const SPAN_MS = 55_000;

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

/** What a caller knows of the clock that has watched it for ever and believes it exactly, unless told. */
interface Known {
  readonly believesLess?: number;
  readonly trusted?: number;
  /** How far behind its peak the clock is. */
  readonly peakAhead?: number;
}

async function toldBy({ license }: Pool, { believesLess = 0, trusted = 0, peakAhead }: Known) {
  const { now } = await stores.seats.readIncarnation(license);
  const peak = peakAhead === undefined ? 0 : now + peakAhead;
  return { node: nodeOf(stores.redis, license), estimate: now - believesLess, trusted, peak };
}

async function acquire(
  pool: Pool,
  { id, holder }: { readonly id: LeaseId; readonly holder: Holder },
  known: Known = {},
): Promise<AcquireOutcome["kind"]> {
  const request = { license: pool.license, id, holder, claim: { seats: 1, features: [] } };
  const decided = { revision: pool.revision, packed: "", priority: 0 };
  const told = await toldBy(pool, known);
  const reply = replyOf(
    await callAcquire(stores.redis, pool.license, [{ request, decided }], told),
  );
  return acquireOutcomes(reply, 1)[0]!.kind;
}

async function renew(pool: Pool, { member }: LeaseId, known: Known = {}): Promise<BatchOutcome> {
  const told = await toldBy(pool, known);
  const batch = { license: pool.license, members: [member] };
  const [reply] = await callRenew(stores.redis, [batch], told);
  if (reply?.status !== "fulfilled") throw new Error("the renewal was not answered");
  return batchOutcome(replyOf(reply.value), 1);
}

/** A pool, and somebody who holds its only seat. */
async function heldPool() {
  const pool = somePool({ seats: 1 });
  await stores.pools.keep(pool);
  await stores.recover(pool.license);
  const lease = { id: someLease(pool.license), holder: someHolder() };
  expect(await acquire(pool, lease)).toBe("granted");
  return { pool, ...lease };
}

function metaOf({ license }: Pool): string {
  return `lease:{${Buffer.from(license.replaceAll("-", ""), "hex").toString("base64url")}}:m`;
}

/** The clock is so much further than when the pool was looked at last. */
async function step(pool: Pool, ms: number): Promise<void> {
  // Its own time is one less the other, and stays as it is.
  await stores.client.hincrby(metaOf(pool), "seen", -ms);
  await stores.client.hincrby(metaOf(pool), "skipped", -ms);
  const turned = Number(await stores.client.hget(metaOf(pool), "turned"));
  if (turned > 0) await stores.client.hincrby(metaOf(pool), "turned", -ms);
}

test("time that passed is counted by who watched the clock", async () => {
  const { pool, id } = await heldPool();
  await step(pool, MINUTE_MS);
  expect(await renew(pool, id)).toMatchObject({ outcomes: ["gone"] });
});

test("time that nobody vouches for does not count", async () => {
  const { pool, id } = await heldPool();
  await step(pool, MINUTE_MS);
  const { now } = await stores.seats.readIncarnation(pool.license);
  expect(await renew(pool, id, { trusted: now })).toMatchObject({ outcomes: ["renewed"] });
});

test("time that a caller does not believe yet does not count", async () => {
  const { pool, id } = await heldPool();
  await step(pool, SPAN_MS);
  expect(await renew(pool, id, { believesLess: 1_900 })).toMatchObject({ outcomes: ["renewed"] });
});

test("a clock that comes back to where it had been counts nothing", async () => {
  const { pool, id } = await heldPool();
  expect(await renew(pool, id, { peakAhead: MINUTE_MS })).toMatchObject({ outcomes: ["renewed"] });
  await step(pool, MINUTE_MS);
  // Somebody who noticed neither the step back nor the step forward.
  expect(await renew(pool, id)).toMatchObject({ outcomes: ["renewed"] });
});

test("a token that was made before the clock was vouched for does not run out by it", async () => {
  const pool = somePool({ seats: 1 });
  await stores.pools.keep(pool);
  await stores.pools.start(pool.license);
  await stores.recover(pool.license);
  const { now } = await stores.seats.readIncarnation(pool.license);
  const readmit = async (trusted: number) => {
    const returner = {
      member: someLease(pool.license).member,
      installation: someHolder().installation,
      fence: 1n << 32n,
      claim: "",
      expiry: now - MINUTE_MS,
    };
    const told = await toldBy(pool, { trusted });
    const reply = await callReadmit(stores.redis, pool.license, [returner], told);
    return batchOutcome(replyOf(reply), 1);
  };
  expect(await readmit(now - 10 * MINUTE_MS)).toMatchObject({ outcomes: ["gone"] });
  expect(await readmit(now - 1_000)).toMatchObject({ outcomes: ["renewed"] });
});
