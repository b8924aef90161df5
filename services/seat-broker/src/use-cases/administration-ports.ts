import type { Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";

/** A lease that an administrator takes back. */
export interface Revocation {
  readonly license: Uuid;
  readonly id: LeaseId;
  readonly installation: Uuid | undefined;
  readonly reason: string;
  readonly immediate: boolean;
  /** Who does it. */
  readonly subject: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  /** When nobody can hold the lease any more. */
  readonly forgetTime: number;
}

/** A pool that an administrator drains, or resumes. */
export interface DrainChange {
  readonly license: Uuid;
  readonly drained: boolean;
  readonly subject: string;
  readonly time: number;
}

/** What administrators did, for good, in Postgres. Every broker is told of what is new. */
export interface AdministrationStore {
  /** @returns whether it is new: the lease is not taken back so far, or not to be freed at once */
  revoke(revocation: Revocation): Promise<boolean>;
  isRevoked(license: Uuid, id: LeaseId): Promise<boolean>;
  /** @returns whether it is new */
  drain(change: DrainChange): Promise<boolean>;
  /** Forgets leases that nobody can hold any more. @param now in milliseconds since 1970 */
  prune(now: number): Promise<void>;
}

/** What an administrator did to a pool. */
export interface AdministrationAct {
  readonly number: bigint;
  readonly license: Uuid;
  readonly deed:
    | {
        readonly kind: "seat-revoked";
        readonly id: LeaseId;
        readonly installation: Uuid | undefined;
        readonly immediate: boolean;
        readonly reason: string;
      }
    /** Drained or resumed: the pool tells which. */
    | { readonly kind: "drain-changed" };
}

/** The acts of administrators, in their order. */
export interface ActFeed {
  /** The number of the newest act; 0 if there is none. */
  head(): Promise<bigint>;
  /** Every act after a number, then every act as it happens. */
  watch(after: bigint, signal: AbortSignal): AsyncIterable<AdministrationAct>;
}
