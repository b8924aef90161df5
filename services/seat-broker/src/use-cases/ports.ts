import type { Uuid } from "@leasehold/kernel";
import type { PackedClaim, SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import type { Seat } from "../domain/seat.ts";
import type { LeaseId } from "../domain/lease-id.ts";
import type { Drain, Pool, PoolInForce, TermsVersion } from "../domain/pool.ts";
import type { Place } from "../domain/wait-ticket.ts";
import type { DrainChange, Revocation } from "./administration-ports.ts";
import type { Incarnation, PoolSetUp, Restoration } from "./pool-ports.ts";

/** Why a script decided nothing. Times in milliseconds of Redis' clock. */
export type Undecided =
  /** The pool is not set up, or its data are lost or of an earlier incarnation of Redis. */
  | { readonly kind: "unset" }
  /** The call came too late, or the clock is not what it was believed to be. */
  | { readonly kind: "misjudged" }
  /** The pool must be given back what outlives its data. */
  | { readonly kind: "unrestored" }
  /** The terms in force are others than the caller decided by. */
  | { readonly kind: "moved" }
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
  /** The pool. */
  readonly license: Uuid;
  /** The name of the license by which a resource's seat is asked for; absent: the license's own is. */
  readonly byLicense?: string;
  readonly id: LeaseId;
  readonly holder: Holder;
  readonly claim: SeatClaim;
}

/** What the terms of a license make of a claim. */
export interface DecidedClaim extends PackedClaim, TermsVersion {}

/** Why nobody could have a lease by an id, free seats or not. */
export type Unavailable =
  | { readonly kind: "released" }
  | { readonly kind: "expired" }
  | { readonly kind: "lease-revoked" }
  | { readonly kind: "suspended" }
  | { readonly kind: "revoked" }
  | { readonly kind: "not-started"; readonly startTime: number }
  | { readonly kind: "ended"; readonly endTime: number };

export type AcquireOutcome =
  | ({
      readonly kind: "granted";
      readonly fence: bigint;
      readonly overdraft: boolean;
      /** What the lease takes, packed. */
      readonly claim: string;
    } & Extension)
  | {
      readonly kind: "full";
      readonly nextInMs: number;
      /** The feature whose seats are taken; absent if it is the license's. */
      readonly feature: string | undefined;
    }
  | { readonly kind: "drained" }
  | { readonly kind: "taken" }
  | Unavailable
  | Undecided;

/** A lease id that waits for a seat. */
export interface WaitRequest {
  readonly license: Uuid;
  /** As in `SeatRequest`. */
  readonly byLicense?: string;
  readonly id: LeaseId;
  readonly holder: Holder;
  readonly claim: SeatClaim;
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
  /** What it takes, packed. */
  readonly claim: string;
  /** Of its newest token, in milliseconds of Redis' clock. */
  readonly expiry: number;
}

export type ReleaseOutcome =
  | { readonly kind: "released" }
  /** What is kept of it must be deleted first. */
  | { readonly kind: "borrowed" }
  | { readonly kind: "taken" }
  | Undecided;

/** Where a page of seats begins: behind this one. */
export interface SeatPosition {
  /** In milliseconds of the pool's time. */
  readonly expiry: number;
  /** What takes the seat. */
  readonly unit: string;
}

/** Live seats, those that expire first at the front. */
export interface SeatChunk {
  readonly seats: readonly Seat[];
  /** Where the next chunk begins; absent on the last one. */
  readonly next: SeatPosition | undefined;
}

/** Some of a pool's seats, counted by themselves. */
export interface SubPool {
  readonly scope: { readonly feature: string } | { readonly group: string };
  readonly seats: number;
  readonly live: number;
}

/** How the seats of a license stand. */
export interface PoolStanding {
  readonly live: number;
  readonly waiting: number;
  /** Of what set-up and terms this is; absent while the pool recovers, or seats ran out that nobody has missed yet. */
  readonly sure: { readonly epoch: bigint; readonly revision: bigint } | undefined;
  readonly subPools: readonly SubPool[];
}

export type ReapOutcome =
  | {
      readonly kind: "reaped";
      /** Where to go on; absent if that was all. */
      readonly next: string | undefined;
    }
  | Undecided;

export type FindOutcome =
  | {
      readonly kind: "found";
      /** How long its holder may rely on it, unless it is renewed. */
      readonly endsInMs: number;
      /** Whose it is; absent if that is not known after a loss of data. */
      readonly installation: Uuid | undefined;
    }
  | { readonly kind: "gone" }
  | Undecided;

export type RevokeOutcome = { readonly kind: "revoked" } | { readonly kind: "gone" } | Undecided;

/** The leases, in Redis. Each function is one atomic decision there. */
export interface SeatStore {
  /** The Redis that a pool is on, by a name that means nothing but whether two are the same. */
  nodeOf(license: Uuid): string;
  acquire(request: SeatRequest, decided: DecidedClaim): Promise<AcquireOutcome>;
  /** Keeps a place in the queue for a few seconds, and tells how it stands. */
  wait(request: WaitRequest, decided: DecidedClaim): Promise<WaitOutcome>;
  /** Gives the place up; the lease id may wait again. */
  leaveQueue(license: Uuid, id: LeaseId): Promise<void>;
  /** All batches in one round trip. A batch that Redis did not answer has no outcome. */
  renew(batches: readonly RenewalBatch[]): Promise<readonly (BatchOutcome | undefined)[]>;
  /** @param returners at most 250 */
  readmit(license: Uuid, returners: readonly Returner[]): Promise<BatchOutcome>;
  /** @param forgotten whether nothing is kept of it as a borrowed one */
  release(
    license: Uuid,
    id: LeaseId,
    installation: Uuid,
    forgotten?: boolean,
  ): Promise<ReleaseOutcome>;
  /** Does nothing to a sound pool. "repeat": Redis is not what it was when the attempt began. */
  setUp(setUp: PoolSetUp): Promise<"set-up" | "sound" | "repeat">;
  /** Does nothing if the terms in force are as new. */
  applyTerms(pool: Pool): Promise<void>;
  /** The terms in force; `undefined` if the pool is not set up. */
  readTerms(license: Uuid): Promise<PoolInForce | undefined>;
  /** @param limit of units, which several leases may share; at most 500 */
  list(license: Uuid, limit: number, after: SeatPosition | undefined): Promise<SeatChunk>;
  readStanding(license: Uuid): Promise<PoolStanding>;
  /** Looks for a lease, or one whose holder may only not be back yet. */
  find(license: Uuid, id: LeaseId): Promise<FindOutcome>;
  /** @param immediate frees the seat at once, whether or not its holder has stopped */
  revoke(license: Uuid, id: LeaseId, immediate: boolean): Promise<RevokeOutcome>;
  /** Ends leases that ran out, a number of them at a time. @param from absent to begin */
  reap(license: Uuid, from: string | undefined): Promise<ReapOutcome>;
  /**
   * @param read reads what to give back: during this call, so that it cannot be of a time before
   *   an earlier primary of Redis stopped
   * @returns "undecided": to be repeated
   */
  restore(
    license: Uuid,
    read: () => Promise<Restoration | undefined>,
  ): Promise<"restored" | "undecided">;
  /** Does nothing if what is in force is as new. */
  drain(license: Uuid, drain: Drain): Promise<void>;
  /** Reads the clock of the Redis that a pool is on, and corrects what is believed of it. */
  readIncarnation(license: Uuid): Promise<Incarnation>;
  /** The same of every Redis. */
  readClocks(): Promise<readonly Incarnation[]>;
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
  readonly seatRevoked: (revocation: Revocation) => void;
  readonly drainChanged: (change: DrainChange) => void;
  readonly actsInterrupted: (error: unknown) => void;
  readonly revocationsNotPruned: (error: unknown) => void;
  readonly borrowsNotKept: (error: unknown) => void;
  readonly unnamedNotTakenBack: (error: unknown) => void;
}
