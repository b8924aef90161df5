import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isProblem, type Uuid, uuidBytes } from "@leasehold/kernel";
import type { LeaseId } from "../src/domain/lease-id.ts";
import { type LeaseFacts, tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool } from "../src/domain/pool.ts";
import { packFence } from "../src/store/seat-facts.ts";
import { acquireSeat } from "../src/use-cases/acquire-seat.ts";
import { decide } from "../src/use-cases/decide.ts";
import { releaseSeat } from "../src/use-cases/release-seat.ts";
import { leaseRenewer, type Renewal } from "../src/use-cases/renew-leases.ts";
import { seatWakes } from "../src/use-cases/seat-wakes.ts";
import { openStores, type OpenStores, silentEvents } from "./open-stores.ts";
import { ReferencePool } from "./reference-pool.ts";
import { someHolder, someLease, somePool, someUuid } from "./some-pool.ts";

// The scripts against a reference model, on real Redis. Time passes by moving everything
// that Redis remembers into the past; steps and spans are chosen so that the milliseconds
// that really pass between two commands never decide.

const LEASES = 6;
const INSTALLATIONS = 2;
const STEP_MS = 100_000;
const VALIDITIES_MS = [600_000, 1_200_000] as const;
const GRACE_MS = 60_000;

const wakes = seatWakes();
const tokens = tokenKeys([Buffer.alloc(32, 7)]);

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

/** A client's view: the newest token of each lease, and until when it relies on it, by the moved clock. */
interface Held {
  readonly facts: LeaseFacts;
  readonly installation: Uuid;
  readonly issuedAt: number;
  readonly reliesUntil: number;
}

interface Real {
  pool: Pool;
  readonly leases: readonly LeaseId[];
  readonly installations: readonly Uuid[];
  readonly renew: ReturnType<typeof leaseRenewer>;
  readonly held: Map<number, Held>;
  /** What the tickets of those say that ever waited. */
  readonly orders: Map<number, number>;
  moved: number;
  readonly fences: Map<number, bigint>;
}

type Command = fc.AsyncCommand<ReferencePool, Real>;

function real(): Real {
  const pool = somePool({ validityMs: VALIDITIES_MS[0], graceMs: GRACE_MS });
  return {
    pool,
    leases: Array.from({ length: LEASES }, () => someLease(pool.license)),
    installations: Array.from({ length: INSTALLATIONS }, () => someUuid()),
    renew: leaseRenewer({ ...stores, tokens, events: silentEvents, later: setImmediate }),
    held: new Map(),
    orders: new Map(),
    moved: 0,
    fences: new Map(),
  };
}

function keyOf(license: Uuid, name: string): string {
  return `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}:${name}`;
}

function hold(r: Real, lease: number, installation: Uuid, token: Buffer, validityMs: number): Held {
  const facts = tokens.read({ id: r.leases[lease]!, installation }, token)!;
  const held = { facts, installation, issuedAt: r.moved, reliesUntil: r.moved + validityMs };
  r.held.set(lease, held);
  return held;
}

const acquire = (lease: number, by: number): Command => ({
  check: () => true,
  toString: () => `acquire(${lease}, by ${by})`,
  run: async (model, r) => {
    const installation = r.installations[by]!;
    await keepWaiters(r.pool.license);
    const expected = model.acquire(String(lease), String(by));
    const { actual, token, validityMs } = await acquireOutcome(r, lease, installation);
    expect(actual).toBe(expected);
    if (!token) return;
    const { facts } = hold(r, lease, installation, token, validityMs);
    if (r.fences.get(lease) === facts.fence) return;
    for (const earlier of r.fences.values()) expect(facts.fence).toBeGreaterThan(earlier);
    r.fences.set(lease, facts.fence);
    const relying = [...r.held.values()].filter(({ reliesUntil }) => reliesUntil > r.moved);
    expect(relying.length).toBeLessThanOrEqual(model.terms.seats);
  },
});

async function acquireOutcome(r: Real, lease: number, installation: Uuid) {
  const id = r.leases[lease]!;
  try {
    const request = { license: r.pool.license, id, holder: someHolder(installation) };
    const { fence, token, validityMs } = await acquireSeat({ ...stores, tokens }, request);
    return { actual: `granted ${packFence(fence)}`, token, validityMs };
  } catch (error) {
    if (!isProblem(error)) throw error;
    const words: Record<string, string> = {
      NO_SEATS: "full",
      RECOVERING: "recovering",
      LEASE_EXPIRED: "expired",
      LEASE_RELEASED: "released",
      LEASE_ID_TAKEN: "taken",
      LICENSE_SUSPENDED: "suspended",
    };
    return { actual: words[error.reason] ?? error.reason, validityMs: 0 };
  }
}

const wait = (lease: number): Command => ({
  check: () => true,
  toString: () => `wait(${lease})`,
  run: async (model, r) => {
    await keepWaiters(r.pool.license);
    const expected = model.wait(String(lease));
    const { license } = r.pool;
    const known = r.orders.get(lease);
    const place = known === undefined ? undefined : { order: known, seenAt: Date.now() };
    const outcome = await decide(stores, license, () =>
      stores.seats.wait({ license, id: r.leases[lease]!, place }),
    );
    if (outcome.kind === "waiting" || outcome.kind === "turn")
      r.orders.set(lease, outcome.place.order);
    const actual = outcome.kind === "waiting" ? `waiting behind ${outcome.ahead}` : outcome.kind;
    expect(actual).toBe(expected);
  },
});

/** Waiters count for a few seconds: those that do are kept, however slow the machine is. */
async function keepWaiters(license: Uuid): Promise<void> {
  const { client } = stores.redis;
  const key = keyOf(license, "qt");
  const now = Date.now();
  for (const member of await client.zrangebyscore(key, now, "inf"))
    await client.zadd(key, now + 2_900, member);
}

const renew = (chosen: readonly number[]): Command => ({
  check: () => true,
  toString: () => `renew(${chosen.join(", ")})`,
  run: async (model, r) => {
    const leases = chosen.filter((lease) => r.held.has(lease));
    for (const by of r.installations.keys()) {
      const own = leases.filter((l) => r.held.get(l)?.installation === r.installations[by]);
      if (own.length === 0) continue;
      const expected = model.renew(
        own.map((lease) => {
          const { facts, issuedAt } = r.held.get(lease)!;
          // By the model's clock: as long after its issue as the token was good for.
          const tokenExpiry = facts.expiry - Date.now() + issuedAt;
          const fence = packFence(facts.fence);
          return { id: String(lease), installation: String(by), fence, tokenExpiry };
        }),
      );
      const renewals = await renewAll(r, own, r.installations[by]!);
      expect(renewals.map(({ kind }) => kind)).toEqual(expected);
      for (const [index, renewal] of renewals.entries()) {
        const lease = own[index]!;
        if (renewal.kind === "renewed")
          hold(r, lease, r.installations[by]!, renewal.token, renewal.validityMs);
        else if (renewal.kind !== "retry") r.held.delete(lease);
      }
    }
  },
});

/** Presents tokens as old as they are by the moved clock. */
function renewAll(r: Real, own: readonly number[], by: Uuid): Promise<readonly Renewal[]> {
  const proven = own.map((lease) => {
    const { facts, issuedAt } = r.held.get(lease)!;
    const id = r.leases[lease]!;
    const aged = { ...facts, expiry: facts.expiry - (r.moved - issuedAt) };
    return { id, fence: facts.fence, token: tokens.mint({ id, installation: by }, aged) };
  });
  return r.renew(r.pool.license, by, proven);
}

const release = (lease: number, by: number): Command => ({
  check: () => true,
  toString: () => `release(${lease}, by ${by})`,
  run: async (model, r) => {
    const expected = model.release(String(lease), String(by));
    const installation = r.installations[by]!;
    const request = { license: r.pool.license, id: r.leases[lease]!, installation };
    const actual = await releaseSeat({ ...stores, wakes }, request).then(
      () => "released",
      (error) => (isProblem(error, "LEASE_ID_TAKEN") ? "taken" : Promise.reject(error)),
    );
    expect(actual).toBe(expected);
    // A client stops before it releases.
    if (r.held.get(lease)?.installation === installation) r.held.delete(lease);
  },
});

const passTime = (steps: number): Command => ({
  check: () => true,
  toString: () => `passTime(${steps})`,
  run: async (model, r) => {
    const ms = steps * STEP_MS;
    model.passTime(ms);
    r.moved += ms;
    await moveIntoThePast(r.pool.license, ms);
  },
});

async function moveIntoThePast(license: Uuid, ms: number): Promise<void> {
  const { client } = stores.redis;
  for (const name of ["z", "t", "qt"]) {
    const key = keyOf(license, name);
    for (const member of await client.zrange(key, "0", "-1"))
      if (member !== "!") await client.zincrby(key, String(-ms), member);
  }
  const meta = keyOf(license, "m");
  const learnUntil = Number((await client.hget(meta, "learn_until")) ?? 0);
  if (learnUntil > 0) await client.hset(meta, "learn_until", String(learnUntil - ms));
  if (learnUntil - ms <= Date.now()) await client.del(keyOf(license, "c"));
}

const loseData = (): Command => ({
  check: () => true,
  toString: () => "loseData",
  run: async (model, r) => {
    model.loseData();
    const keys = ["m", "z", "h", "t", "c", "q", "qt"].map((name) => keyOf(r.pool.license, name));
    await stores.redis.client.del(...keys);
  },
});

const restart = (): Command => ({
  check: () => true,
  toString: () => "restart",
  run: async (model, r) => {
    model.restart();
    const meta = keyOf(r.pool.license, "m");
    // As if this Redis had just come up with the data of another one.
    if (await stores.redis.client.hexists(meta, "incarnation"))
      await stores.redis.client.hset(meta, "incarnation", "another");
    await stores.postgres.query({ text: "delete from redis_incarnation" });
  },
});

const setTerms = (seats: number, validityMs: number, usable: boolean): Command => ({
  check: () => true,
  toString: () => `setTerms(${seats} seats, ${validityMs} ms, ${usable ? "active" : "suspended"})`,
  run: async (model, r) => {
    model.setTerms({ seats, usable, spanMs: validityMs + GRACE_MS });
    r.pool = {
      ...r.pool,
      revision: r.pool.revision + 1n,
      state: usable ? "ACTIVE" : "SUSPENDED",
      terms: { ...r.pool.terms, seats, validityMs },
    };
    await stores.pools.keep(r.pool);
    await stores.seats.applyTerms(r.pool);
    // Older terms that arrive late change nothing.
    await stores.seats.applyTerms({
      ...r.pool,
      revision: r.pool.revision - 1n,
      terms: { ...r.pool.terms, seats: 1_000 },
    });
  },
});

const lease = fc.nat(LEASES - 1);
const by = fc.nat(INSTALLATIONS - 1);
const commands = [
  fc.tuple(lease, by).map(([l, b]) => acquire(l, b)),
  fc.tuple(lease, by).map(([l, b]) => acquire(l, b)),
  lease.map((l) => acquire(l, 0)),
  lease.map((l) => wait(l)),
  lease.map((l) => wait(l)),
  fc.uniqueArray(lease, { minLength: 1 }).map((chosen) => renew(chosen)),
  fc.uniqueArray(lease, { minLength: 1 }).map((chosen) => renew(chosen)),
  fc.tuple(lease, by).map(([l, b]) => release(l, b)),
  fc.integer({ min: 1, max: 8 }).map((steps) => passTime(steps)),
  fc.constant(null).map(() => loseData()),
  fc.constant(null).map(() => restart()),
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(...VALIDITIES_MS),
      fc.integer({ min: 0, max: 4 }),
    )
    .map(([seats, validityMs, dice]) => setTerms(seats, validityMs, dice > 0)),
];

test("the scripts do what the reference model does, whatever happens in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: "max" }), async (sequence) => {
      const r = real();
      await stores.pools.keep(r.pool);
      const { seats, validityMs, graceMs } = r.pool.terms;
      const model = new ReferencePool({ usable: true, seats, spanMs: validityMs + graceMs });
      await fc.asyncModelRun(() => ({ model, real: r }), sequence);
      const { live } = await stores.seats.list(r.pool.license, 1, undefined);
      expect(live).toBe(model.live());
    }),
    { numRuns: 150 },
  );
}, 120_000);
