import type { Uuid } from "@leasehold/kernel";
import type { Holder, Seat } from "../domain/holder.ts";
import type { LeaseId } from "../domain/lease-id.ts";
import type { Pool } from "../domain/pool.ts";
import type { Place } from "../domain/wait-ticket.ts";

/** Why a script decided nothing. Times in milliseconds of Redis' clock. */
export type Undecided =
  /** The pool is not set up, or its data are lost or of an earlier incarnation of Redis. */
  | { readonly kind: "unset" }
  /** The call came too late, or the clock is not what it was believed to be. */
  | { readonly kind: "misjudged" }
  /** Nobody new is admitted before the recovery ends. */
  | { readonly kind: "recovering"; readonly endsInMs: number };

/** What a lease lives by, as the script that extended it saw it. */
export interface Extension {
  readonly now: number;
  readonly validityMs: number;
  readonly graceMs: number;
  readonly epoch: number;
}

/** A seat that somebody asks for. */
export interface SeatRequest {
  readonly license: Uuid;
  readonly id: LeaseId;
  readonly holder: Holder;
}

/** Why nobody could have a lease by an id, free seats or not. */
export type Unavailable =
  | { readonly kind: "released" }
  | { readonly kind: "expired" }
  | { readonly kind: "suspended" }
  | { readonly kind: "revoked" }
  | { readonly kind: "not-started"; readonly startTime: number }
  | { readonly kind: "ended"; readonly endTime: number };

export type AcquireOutcome =
  | ({ readonly kind: "granted"; readonly fence: bigint } & Extension)
  | { readonly kind: "full"; readonly nextInMs: number }
  | { readonly kind: "taken" }
  | Unavailable
  | Undecided;

/** A lease id that waits for a seat. */
export interface WaitRequest {
  readonly license: Uuid;
  readonly id: LeaseId;
  /** The place that it is known to have had; absent if it has none yet. */
  readonly place: Place | undefined;
}

export type WaitOutcome =
  /** A seat is kept for it for so many milliseconds. */
  | { readonly kind: "turn"; readonly place: Place; readonly lapsesInMs: number }
  | {
      readonly kind: "waiting";
      readonly place: Place;
      readonly ahead: number;
      /** When a seat may become free by itself. */
      readonly nextInMs: number;
    }
  | Unavailable
  | Undecided;

/** What became of one lease of a batch. "unknown": readmission decides. */
export type LeaseOutcome = "renewed" | "gone" | "revoked" | "unknown";

/** Leases of one license, renewed in one step; at most 250. */
export interface RenewalBatch {
  readonly license: Uuid;
  readonly members: readonly string[];
}

export type BatchOutcome =
  | ({ readonly kind: "decided"; readonly outcomes: readonly LeaseOutcome[] } & Extension)
  | Undecided;

/** A lease that its holder proved to have had. */
export interface Returner {
  readonly member: string;
  readonly installation: Uuid;
  readonly fence: bigint;
  /** Of its newest token, in milliseconds of Redis' clock. */
  readonly expiry: number;
}

export type ReleaseOutcome = { readonly kind: "released" } | { readonly kind: "taken" } | Undecided;

/** Which Redis this is, by its own clock. */
export interface Incarnation {
  readonly now: number;
  /** Differs after every restart, promotion and restore. */
  readonly name: string;
}

/** What sets a pool up. */
export interface PoolSetUp {
  /** Read before the epoch was taken. */
  readonly incarnation: Incarnation;
  /** When this incarnation was first seen, in milliseconds of Redis' clock. */
  readonly firstSeen: number;
  readonly start: PoolStart;
}

/** What Postgres gives for setting a pool up. */
export interface PoolStart {
  readonly pool: Pool;
  /** Taken for this one attempt; 1 if the pool was never set up before. */
  readonly epoch: bigint;
  /** The longest that a lease of the license may ever have lived without renewal, in milliseconds. */
  readonly longestLeaseMs: number;
}

/** Where a page of seats begins: behind this one. */
export interface SeatPosition {
  readonly expiry: number;
  readonly member: string;
}

/** The leases, in Redis. Each function is one atomic decision there. */
export interface SeatStore {
  acquire(request: SeatRequest): Promise<AcquireOutcome>;
  /** Keeps a place in the queue for a few seconds, and tells how it stands. */
  wait(request: WaitRequest): Promise<WaitOutcome>;
  /** Gives the place up; the lease id may wait again. */
  leaveQueue(license: Uuid, id: LeaseId): Promise<void>;
  /** All batches in one round trip. A batch that Redis did not answer has no outcome. */
  renew(batches: readonly RenewalBatch[]): Promise<readonly (BatchOutcome | undefined)[]>;
  /** @param returners at most 250 */
  readmit(license: Uuid, returners: readonly Returner[]): Promise<BatchOutcome>;
  release(license: Uuid, id: LeaseId, installation: Uuid): Promise<ReleaseOutcome>;
  /** Does nothing to a sound pool. "repeat": Redis is not what it was when the attempt began. */
  setUp(setUp: PoolSetUp): Promise<"set-up" | "sound" | "repeat">;
  /** Does nothing if the terms in force are as new. */
  applyTerms(pool: Pool): Promise<void>;
  /** The terms in force; `undefined` if the pool is not set up. */
  readTerms(license: Uuid): Promise<Pool | undefined>;
  list(
    license: Uuid,
    limit: number,
    after: SeatPosition | undefined,
  ): Promise<{ readonly live: number; readonly seats: readonly Seat[] }>;
  /** Reads Redis' clock and corrects what is believed of it. */
  readIncarnation(): Promise<Incarnation>;
}

/** What must outlive Redis, in Postgres. */
export interface PoolStore {
  read(license: Uuid): Promise<Pool | undefined>;
  /** Keeps the pool unless a revision as new is kept already. */
  keep(pool: Pool): Promise<void>;
  /** Takes the next epoch of a pool; `undefined` if there is no such license. */
  start(license: Uuid): Promise<PoolStart | undefined>;
  /** When an incarnation was first seen; now, if never before. In milliseconds of Redis' clock. */
  sight(incarnation: Incarnation): Promise<number>;
}

/** How far the entitlements have been followed, in Postgres. */
export interface FeedStore {
  position(): Promise<bigint>;
  /** Never goes back. */
  advance(position: bigint): Promise<void>;
  /** The trust bundle kept last, as signed. */
  trustBundle(): Promise<string | undefined>;
  /** Keeps it unless one of a later version is kept already. */
  keepTrustBundle(version: number, bundle: string): Promise<void>;
}

/** One step of activation's feed of entitlements. */
export interface FeedStep {
  readonly position: bigint;
  readonly change:
    | { readonly kind: "pool"; readonly pool: Pool }
    | { readonly kind: "trust-bundle"; readonly bundle: string }
    | { readonly kind: "none" };
}

/** The feed: every change after a position, then every change as it happens. */
export interface EntitlementFeed {
  watch(after: bigint, signal: AbortSignal): AsyncIterable<FeedStep>;
}

/** Waits so many milliseconds, or until the signal fires. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Told of what happens, for those who run the service. */
export interface BrokerEvents {
  readonly poolRecovered: (license: Uuid, epoch: bigint) => void;
  readonly recoveryFailed: (license: Uuid, error: unknown) => void;
  readonly renewalsFailed: (error: unknown) => void;
  readonly streamFailed: (error: unknown) => void;
  readonly entitlementApplied: (pool: Pool) => void;
  readonly trustBundleAccepted: (version: number) => void;
  readonly trustBundleRefused: (fault: string) => void;
  readonly feedInterrupted: (error: unknown) => void;
}
