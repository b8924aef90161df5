import type * as fc from "fast-check";
import { isProblem, type Uuid } from "@leasehold/kernel";
import { expect } from "vitest";
import type { SeatClaim } from "../src/domain/claim.ts";
import { packFence } from "../src/store/seat-facts.ts";
import { acquireSeat } from "../src/use-cases/acquire-seat.ts";
import { decide } from "../src/use-cases/decide.ts";
import { decideClaimOf } from "../src/use-cases/decide-claim.ts";
import { releaseSeat } from "../src/use-cases/release-seat.ts";
import { type Renewal, type Renewed, renewedFacts } from "../src/use-cases/renew-leases.ts";
import { seatWakes } from "../src/use-cases/seat-wakes.ts";
import {
  askedBy,
  claimInForce,
  expectRoomFor,
  expectSameStanding,
  forget,
  hold,
  holderOf,
  keyOf,
  keysOf,
  referenceClaim,
  referenceTerms,
  type SomeTerms,
  termsOf,
  tokens,
  type World,
} from "./conformance-world.ts";
import type { ReferencePool } from "./reference-pool.ts";

// One command each: what it does to the real pool, and what the model says must come of it.
// Time passes by letting less of Redis' time not count; steps and spans are chosen so that
// the milliseconds that really pass between two commands never decide.

export type Command = fc.AsyncCommand<ReferencePool, World>;

const STEP_MS = 100_000;
const wakes = seatWakes();

function command(name: string, run: Command["run"]): Command {
  return {
    check: () => true,
    toString: () => name,
    run: async (model, world) => {
      await run(model, world);
      await expectSameStanding(world, model);
    },
  };
}

export const acquire = (lease: number, by: number, claim: SeatClaim): Command =>
  command(`acquire(${lease}, by ${by}, ${told(claim)})`, async (model, world) => {
    await keepWaiters(world);
    const inForce = claimInForce(world, lease, claim);
    const expected = model.acquire(String(lease), String(by), inForce);
    const { actual, token, validityMs } = await acquireOutcome(world, lease, by, claim);
    expect(actual).toBe(expected);
    if (!token) return;
    const { fence } = hold(world, lease, by, token, validityMs);
    if (world.fences.get(lease) === fence) return;
    for (const earlier of world.fences.values()) expect(fence).toBeGreaterThan(earlier);
    world.fences.set(lease, fence);
    expectRoomFor(world, model, lease);
  });

async function acquireOutcome(world: World, lease: number, by: number, claim: SeatClaim) {
  const { stores, pool, leases, fences } = world;
  try {
    const id = leases[lease]!;
    const holder = holderOf(world, lease, by);
    const request = { license: pool.license, ...askedBy(world), id, holder, claim };
    const granted = await acquireSeat({ ...stores, tokens }, request);
    const { fence, token, validityMs } = granted;
    const beyond = granted.overdraft && fences.get(lease) !== fence ? " beyond" : "";
    return { actual: `granted ${packFence(fence)}${beyond}`, token, validityMs };
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { feature } = error.metadata;
    const words: Record<string, string> = {
      NO_SEATS: feature === undefined ? "full" : `full of f:${feature}`,
      RECOVERING: "recovering",
      LEASE_EXPIRED: "expired",
      LEASE_RELEASED: "released",
      LEASE_ID_TAKEN: "taken",
      LICENSE_SUSPENDED: "suspended",
    };
    return { actual: words[error.reason] ?? error.reason, validityMs: 0 };
  }
}

export const wait = (lease: number, claim: SeatClaim): Command =>
  command(`wait(${lease}, ${told(claim)})`, async (model, world) => {
    await keepWaiters(world);
    const expected = model.wait(String(lease), claimInForce(world, lease, claim));
    const { stores, pool } = world;
    const { license } = pool;
    const known = world.orders.get(lease);
    const place = known === undefined ? undefined : { order: known, seenAt: Date.now() };
    const id = world.leases[lease]!;
    const holder = holderOf(world, lease);
    const request = { license, ...askedBy(world), id, holder, claim, place };
    const outcome = await decide(stores, license, async () =>
      stores.seats.wait(request, await decideClaimOf(stores.terms, request)),
    );
    if (outcome.kind === "waiting" || outcome.kind === "turn")
      world.orders.set(lease, outcome.place.order);
    const actual = outcome.kind === "waiting" ? `waiting behind ${outcome.ahead}` : outcome.kind;
    expect(actual).toBe(expected);
  });

/** Waiters count for a few seconds: those that do are kept, however slow the machine is. */
async function keepWaiters({ stores, pool }: World): Promise<void> {
  const { client } = stores;
  const key = keyOf(pool.license, "qt");
  const skipped = await client.hget(keyOf(pool.license, "m"), "skipped");
  const now = Date.now() - Number(skipped ?? 0);
  for (const member of await client.zrangebyscore(key, now, "inf"))
    await client.zadd(key, now + 2_900, member);
}

export const renew = (chosen: readonly number[]): Command =>
  command(`renew(${chosen.join(", ")})`, async (model, world) => {
    const { held, installations } = world;
    const leases = chosen.filter((lease) => held.has(lease));
    for (const [by, installation] of installations.entries()) {
      const own = leases.filter((lease) => held.get(lease)?.installation === installation);
      if (own.length === 0) continue;
      const expected = model.renew(own.map((lease) => asTheModelSees(world, lease, by)));
      const renewals = await renewAll(world, own, installation);
      expect(renewals.map(({ kind }) => kind)).toEqual(expected);
      for (const [index, renewal] of renewals.entries()) {
        const lease = own[index]!;
        if (renewal.kind === "renewed") holdAgain(world, lease, by, renewal);
        else if (renewal.kind !== "retry") held.delete(lease);
      }
    }
  });

function asTheModelSees({ held }: World, lease: number, by: number) {
  const { facts, issuedAt } = held.get(lease)!;
  return {
    id: String(lease),
    installation: String(by),
    fence: packFence(facts.fence),
    claim: referenceClaim(facts.claim),
    // By the model's clock: as long after its issue as the token was good for.
    tokenExpiry: facts.expiry - Date.now() + issuedAt,
  };
}

/** Presents tokens as old as they are by the moved clock. */
function renewAll(
  { held, leases, moved, pool, renew: renewer }: World,
  own: readonly number[],
  by: Uuid,
): Promise<readonly Renewal[]> {
  const proven = own.map((lease) => {
    const { facts, issuedAt } = held.get(lease)!;
    const id = leases[lease]!;
    const aged = { ...facts, expiry: facts.expiry - (moved - issuedAt) };
    const shown = { leaseId: id.bytes, token: tokens.mint({ id, installation: by }, aged) };
    return { ...shown, ...aged, member: id.member };
  });
  return renewer({ license: pool.license, installation: by, leases: proven, shown: proven });
}

/** With the token that it is answered with. */
function holdAgain(world: World, lease: number, by: number, renewed: Renewed): void {
  const { facts } = world.held.get(lease)!;
  const id = world.leases[lease]!;
  const next = renewedFacts({ ...facts, member: id.member }, renewed);
  const token = tokens.mint({ id, installation: world.installations[by]! }, next);
  hold(world, lease, by, token, renewed.validityMs);
}

export const release = (lease: number, by: number): Command =>
  command(`release(${lease}, by ${by})`, async (model, world) => {
    const expected = model.release(String(lease), String(by));
    const { stores, pool, held } = world;
    const installation = world.installations[by]!;
    const id = world.leases[lease]!;
    const request = { license: pool.license, ...askedBy(world), id, installation };
    const actual = await releaseSeat({ ...stores, wakes }, request).then(
      () => "released",
      (error) => (isProblem(error, "LEASE_ID_TAKEN") ? "taken" : Promise.reject(error)),
    );
    expect(actual).toBe(expected);
    // A client stops before it releases.
    if (held.get(lease)?.installation === installation) held.delete(lease);
  });

export const passTime = (steps: number): Command =>
  command(`passTime(${steps})`, async (model, world) => {
    const ms = steps * STEP_MS;
    model.passTime(ms);
    world.moved += ms;
    const { client } = world.stores;
    const meta = keyOf(world.pool.license, "m");
    if (await client.exists(meta)) await client.hincrby(meta, "skipped", -ms);
  });

export const loseData = (): Command =>
  command("loseData", async (model, world) => {
    model.loseData();
    await forget(world);
  });

/** @param key as the scripts name it; `u`: the first set of sharers there is */
export const loseKey = (key: string): Command =>
  command(`loseKey(${key})`, async (model, world) => {
    const { stores, pool } = world;
    const { client } = stores;
    const base = keyOf(pool.license, "");
    const names = (await keysOf(world)).toSorted().map((name) => name.slice(base.length));
    const name = names.find((one) => one === key || (key === "u" && one.startsWith("u:")));
    if (name === undefined) return;
    model.loseKey(name);
    // Waiters count by a time that only m knows: none of those from before are there afterwards.
    const along = name === "m" ? ["q", "qt", "w"] : [];
    await client.del(...[name, ...along].map((one) => keyOf(pool.license, one)));
  });

export const restart = (): Command =>
  command("restart", async (model, { stores, pool }) => {
    model.restart();
    const meta = keyOf(pool.license, "m");
    // As if this Redis had just come up with the data of another one.
    if (await stores.client.hexists(meta, "incarnation"))
      await stores.client.hset(meta, "incarnation", "another");
    await stores.postgres.query({ text: "delete from redis_incarnation" });
  });

export const setTerms = (some: SomeTerms): Command =>
  command(`setTerms(${JSON.stringify(some)})`, async (model, world) => {
    model.setTerms(referenceTerms(some));
    const { stores, pool } = world;
    world.pool = {
      ...pool,
      revision: pool.revision + 1n,
      state: some.usable ? "ACTIVE" : "SUSPENDED",
      terms: termsOf(pool.terms, some),
    };
    await stores.pools.keep(world.pool);
    await stores.seats.applyTerms(world.pool);
    // Older terms that arrive late change nothing.
    const late = { ...world.pool.terms, seats: 1_000 };
    await stores.seats.applyTerms({ ...pool, terms: late });
    // Otherwise the scripts say so when they decide by terms; while they learn they need none.
    if (model.learning) await stores.terms.refresh(pool.license);
  });

function told({ seats, features }: SeatClaim): string {
  return [seats, ...features].join(" ");
}
