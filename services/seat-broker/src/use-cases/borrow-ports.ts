import type { Uuid } from "@leasehold/kernel";
import type { BorrowedLease } from "../domain/borrow.ts";
import type { LeaseId } from "../domain/lease-id.ts";
import type { TermsVersion } from "../domain/pool.ts";
import type { SeatStore, Unavailable, Undecided } from "./ports.ts";

/** A lease that its holder wants to rely on without heartbeats. */
export interface BorrowRequest {
  readonly license: Uuid;
  /** As in `SeatRequest`. */
  readonly byLicense?: string;
  readonly id: LeaseId;
  readonly installation: Uuid;
}

export type BorrowOutcome =
  | {
      readonly kind: "borrowed";
      readonly lease: BorrowedLease;
      /** In milliseconds of Redis' clock. */
      readonly now: number;
    }
  | { readonly kind: "not-borrowed" }
  | { readonly kind: "drained" }
  | { readonly kind: "taken" }
  | Unavailable
  | Undecided;

/** What can be done about borrowed seats in Redis. Each function is one atomic decision there. */
export interface BorrowingSeats {
  /** Makes a lease a borrowed one, or keeps a borrowed one for longer; by terms of that version. */
  borrow(
    request: BorrowRequest,
    term: TermsVersion & { readonly durationMs: number },
  ): Promise<BorrowOutcome>;
  /** Whether, and how, a lease is borrowed. */
  findBorrowed(request: BorrowRequest): Promise<BorrowOutcome>;
  /**
   * Which of these a pool does not know; none unless it was set up under that epoch.
   * @param members at most 250
   */
  strayBorrows(
    license: Uuid,
    epoch: bigint,
    members: readonly string[],
  ): Promise<readonly string[]>;
}

/** All leases in Redis. */
export interface LendingSeatStore extends SeatStore, BorrowingSeats {}

/** Borrowed seats as they outlive Redis, in Postgres. */
export interface BorrowStore {
  /** The epoch of a pool that was taken last; `undefined` if there is no such license. */
  epochOf(license: Uuid): Promise<bigint | undefined>;
  /**
   * Keeps a borrowed seat, or keeps it for longer; never shortens.
   * @returns false, and nothing is kept, if an epoch was taken since
   */
  keep(lease: BorrowedLease, epoch: bigint): Promise<boolean>;
  end(license: Uuid, id: LeaseId): Promise<void>;
  /** Those of the license that comes next; `undefined` behind the last one. */
  next(after: Uuid | undefined): Promise<KeptBorrows | undefined>;
  /** Does nothing if an epoch was taken since. */
  endStrays(of: KeptBorrows): Promise<void>;
  /** Forgets those that were free long ago. */
  prune(): Promise<void>;
}

/** Borrowed seats of a license, as Redis knows the leases. */
export interface KeptBorrows {
  readonly license: Uuid;
  /** The one that was taken last when they were read. */
  readonly epoch: bigint;
  readonly members: readonly string[];
}
