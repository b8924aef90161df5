import { type Uuid, uuidBytes } from "@leasehold/kernel";
import { expect } from "vitest";
import { decideClaim, type SeatClaim } from "../src/domain/claim.ts";
import type { Holder } from "../src/domain/holder.ts";
import type { LeaseId } from "../src/domain/lease-id.ts";
import { type LeaseFacts, tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool, Terms } from "../src/domain/pool.ts";
import { OPEN_POLICY, type Sharing } from "../src/domain/seat-policy.ts";
import { batchOutcome, replyOf } from "../src/store/script-replies.ts";
import { callReadmit } from "../src/store/seat-scripts.ts";
import type { SeatStore } from "../src/use-cases/ports.ts";
import { leaseRenewer } from "../src/use-cases/renew-leases.ts";
import { type OpenStores, silentEvents } from "./open-stores.ts";
import { poolsOf, type ReferenceClaim, unitsOf } from "./reference-claim.ts";
import { ReferencePool, type ReferenceTerms } from "./reference-pool.ts";
import { someHolder, someLease, somePool, someUuid } from "./some-pool.ts";

// What the commands of the conformance test act upon: real scripts, the reference model beside
// them, and what the clients believe.

export const USERS = ["ada", "ada", "ada", "bob", "eve", "eve", "cleo"] as const;
export const INSTALLATIONS = 2;
export const VALIDITIES_MS = [600_000, 1_200_000] as const;
const GRACE_MS = 60_000;

export const tokens = tokenKeys([Buffer.alloc(32, 7)]);

/** What a license says that matters here. */
export interface SomeTerms {
  readonly seats: number;
  readonly validityMs: number;
  readonly usable: boolean;
  readonly sharing: Sharing;
  readonly overdraft: number;
  /** Of feature x and y; `undefined`: as many as there are. */
  readonly x: number | undefined;
  readonly y: number | undefined;
  /** For a group of eve's. */
  readonly reserved: number;
  readonly priority: number;
}

export const PLAIN_TERMS: SomeTerms = {
  seats: 3,
  validityMs: VALIDITIES_MS[0],
  usable: true,
  sharing: "PER_PROCESS",
  overdraft: 0,
  x: undefined,
  y: undefined,
  reserved: 0,
  priority: 0,
};

/** A client's view: the newest token of a lease, and until when it relies on it, by the moved clock. */
export interface Held {
  readonly facts: LeaseFacts;
  readonly installation: Uuid;
  readonly issuedAt: number;
  readonly reliesUntil: number;
}

export interface World {
  readonly stores: OpenStores;
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

/** @param boundTo the license, if the pool is a resource's */
export async function newWorld(
  stores: OpenStores,
  terms: SomeTerms,
  boundTo?: string,
): Promise<{ readonly world: World; readonly model: ReferencePool }> {
  const empty = somePool(boundTo === undefined ? {} : { boundTo, model: "RESOURCE" });
  const pool = { ...empty, terms: termsOf(empty.terms, terms) };
  await stores.pools.keep(pool);
  const seats = longWatching(stores);
  const renewing = { ...stores, seats, tokens, events: silentEvents, apart: setImmediate };
  const world = {
    stores,
    pool,
    leases: USERS.map(() => someLease(pool.license)),
    installations: Array.from({ length: INSTALLATIONS }, () => someUuid()),
    renew: leaseRenewer(renewing),
    held: new Map(),
    orders: new Map(),
    moved: 0,
    fences: new Map(),
  };
  return { world, model: new ReferencePool(referenceTerms(terms)) };
}

/** As a broker has its store that has watched Redis' clock since ever. */
function longWatching({ seats, redis }: OpenStores): SeatStore {
  return {
    ...seats,
    readmit: async (license, returners) => {
      const { now } = await seats.readIncarnation(license);
      const told = { node: "", estimate: now, trusted: 0, peak: 0 };
      const reply = await callReadmit(redis, license, returners, told);
      return batchOutcome(replyOf(reply), returners.length);
    },
  };
}

export function termsOf(terms: Terms, some: SomeTerms): Terms {
  const { seats, validityMs, sharing, overdraft, x, y, reserved, priority } = some;
  const vips = { users: ["eve"], hosts: [], installations: [], reservedSeats: reserved, priority };
  return {
    ...terms,
    seats,
    validityMs,
    graceMs: GRACE_MS,
    features: [
      { feature: "x", seats: x },
      { feature: "y", seats: y },
    ],
    policy: { ...OPEN_POLICY, sharing, overdraft, groups: [{ group: "vips", ...vips }] },
  };
}

export function referenceTerms(some: SomeTerms): ReferenceTerms {
  const { seats, validityMs, usable, overdraft, x, y, reserved } = some;
  const limits = new Map<string, number>();
  if (x !== undefined) limits.set("f:x", x);
  if (y !== undefined) limits.set("f:y", y);
  if (reserved > 0) limits.set("g:vips", reserved);
  return { usable, seats, overdraft, limits, spanMs: validityMs + GRACE_MS };
}

/** As which license's the seats of the pool are asked for. */
export function askedBy({ pool }: World): { readonly byLicense?: string } {
  return pool.boundTo === undefined ? {} : { byLicense: pool.boundTo };
}

export function holderOf({ installations }: World, lease: number, by = 0): Holder {
  return { ...someHolder(installations[by]), user: USERS[lease]! };
}

/** What the terms in force make of a claim, as the model knows it. */
export function claimInForce(world: World, lease: number, claim: SeatClaim): ReferenceClaim {
  const decision = decideClaim(world.pool.terms, holderOf(world, lease), claim);
  if (decision.kind !== "claim") throw new Error(`a claim of this test is ${decision.kind}`);
  return { ...referenceClaim(decision.packed), priority: decision.priority };
}

export function referenceClaim(packed: string): ReferenceClaim {
  const [seats = "", share = "", group = "", ...features] = packed.split(",");
  return {
    seats: Number(seats || 1),
    share,
    group: group && `g:${group}`,
    features: features.map((feature) => `f:${feature}`),
    priority: 0,
  };
}

export function keyOf(license: Uuid, name: string): string {
  return `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}:${name}`;
}

export async function keysOf({ stores, pool }: World): Promise<readonly string[]> {
  return stores.client.keys(keyOf(pool.license, "*"));
}

/** Leaves Redis as if the world had never been. */
export async function forget(world: World): Promise<void> {
  const keys = await keysOf(world);
  if (keys.length > 0) await world.stores.client.del(...keys);
}

/** A client learns that it has a lease. */
export function hold(world: World, lease: number, by: number, token: Buffer, validityMs: number) {
  const installation = world.installations[by]!;
  const facts = tokens.read({ id: world.leases[lease]!, installation }, token)!;
  const { moved } = world;
  world.held.set(lease, { facts, installation, issuedAt: moved, reliesUntil: moved + validityMs });
  return facts;
}

/** The units of a pool that clients rely on, but for one of them. */
function reliedOn(world: World, pool: string, except?: number): ReadonlySet<string> {
  const units = new Set<string>();
  for (const [lease, { facts, reliesUntil }] of world.held) {
    const claim = referenceClaim(facts.claim);
    if (lease === except || reliesUntil <= world.moved) continue;
    if (pool !== "" && !poolsOf(claim).includes(pool)) continue;
    for (const unit of unitsOf(String(lease), claim)) units.add(unit);
  }
  return units;
}

/** What nobody could have relied on before is not more than there is. */
export function expectRoomFor(world: World, model: ReferencePool, lease: number): void {
  const { seats, overdraft, limits } = model.terms;
  const claim = referenceClaim(world.held.get(lease)!.facts.claim);
  for (const pool of ["", ...claim.features]) {
    const before = reliedOn(world, pool, lease);
    const after = reliedOn(world, pool);
    const size = pool === "" ? seats + overdraft : (limits.get(pool) ?? Infinity);
    if (after.size > before.size) expect(after.size).toBeLessThanOrEqual(size);
  }
}

/** Of no pool do clients rely on more than there is, where the terms have always been the same. */
export function expectNoneTooMany(world: World, { terms }: ReferencePool): void {
  expect(reliedOn(world, "").size).toBeLessThanOrEqual(terms.seats + terms.overdraft);
  for (const [name, size] of terms.limits)
    if (name.startsWith("f:")) expect(reliedOn(world, name).size).toBeLessThanOrEqual(size);
}

/** The real pool has as many live seats as the model, in the pool and each sub-pool. */
export async function expectSameStanding(world: World, model: ReferencePool): Promise<void> {
  if (!model.sound) return;
  const { live, subPools } = await world.stores.seats.readStanding(world.pool.license);
  expect(live).toBe(model.live().size);
  for (const { scope, seats, live: some } of subPools) {
    const name = "feature" in scope ? `f:${scope.feature}` : `g:${scope.group}`;
    expect([name, seats, some]).toEqual([
      name,
      model.terms.limits.get(name),
      model.live(name).size,
    ]);
  }
}
