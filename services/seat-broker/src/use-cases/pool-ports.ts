import type { Uuid } from "@leasehold/kernel";
import type { BorrowedLease } from "../domain/borrow.ts";
import type { Pool, PoolInForce } from "../domain/pool.ts";

/** Which Redis this is, by its own clock. */
export interface Incarnation {
  readonly now: number;
  /** Differs after every restart, promotion and restore. */
  readonly name: string;
  /** Since when the clock is known to have run evenly. */
  readonly trustedSince: number;
}

/** What sets a pool up. */
export interface PoolSetUp {
  /** Read before the epoch was taken. */
  readonly incarnation: Incarnation;
  /** Since when this incarnation has certainly been there, in milliseconds of Redis' clock. */
  readonly since: number;
  readonly start: PoolStart;
}

/** What Postgres gives for setting a pool up. */
export interface PoolStart {
  readonly pool: PoolInForce;
  /** Taken for this one attempt; 1 if the pool was never set up before. */
  readonly epoch: bigint;
  /** The longest that a lease of the license may ever have lived without renewal, in milliseconds. */
  readonly longestLeaseMs: number;
  /** For how many seats there may be leases, some maybe from before the terms were lowered. */
  readonly room: number;
}

/** What outlives the data of a pool. */
export interface Restoration {
  /** The one that was taken last when it was read. */
  readonly epoch: bigint;
  /** The leases that were taken back, as Redis knows them. */
  readonly revoked: readonly string[];
  readonly borrowed: readonly BorrowedLease[];
}

/** What must outlive Redis, in Postgres. */
export interface PoolStore {
  read(license: Uuid): Promise<PoolInForce | undefined>;
  /** Keeps the pool unless a revision as new is kept already. */
  keep(pool: Pool): Promise<void>;
  /** Takes the next epoch of a pool; `undefined` if there is no such license. */
  start(license: Uuid): Promise<PoolStart | undefined>;
  /** What a pool that lost its data is to be given back; `undefined` if there is no such license. */
  readRestoration(license: Uuid): Promise<Restoration | undefined>;
  /** Licenses for which there may be leases beyond their seats, at most so many. */
  crowded(limit: number): Promise<readonly Uuid[]>;
  /** Has no such leases any more, if terms and set-up are still those. */
  uncrowd(license: Uuid, of: { readonly epoch: bigint; readonly revision: bigint }): Promise<void>;
  /** When an incarnation was first seen; now, if never before. In milliseconds of Redis' clock. */
  sight(incarnation: Incarnation): Promise<number>;
}
