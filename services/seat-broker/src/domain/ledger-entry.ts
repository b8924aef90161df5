import type { Uuid } from "@leasehold/kernel";
import type { Holder } from "./holder.ts";

/** Why a lease is over. LOST: by what is left of the data nobody can say more. */
export type SessionEnd = "RELEASED" | "EXPIRED" | "REVOKED" | "CHECKED_IN" | "LOST";

/** Why somebody got no seat. */
export type DenialCause =
  | "FULL"
  | "FEATURE_FULL"
  | "RESERVED"
  | "DRAINED"
  | "HOLDER_EXCLUDED"
  | "FEATURE_NOT_LICENSED"
  | "VERSION_NOT_COVERED"
  | "INSTALLATION_DISABLED";

/** What a lease took. */
export interface Taken {
  readonly fence: bigint;
  /** Names are empty where they are unknown. */
  readonly party: Holder;
  readonly seats: number;
  readonly features: readonly string[];
  /** Leases of the same unit have its seats together; empty for seats of its own. */
  readonly unit: string;
  readonly overdraft: boolean;
  readonly borrowed: boolean;
  /** Seats of the pool that were live with it; 0 if unknown. */
  readonly live: number;
}

/** What somebody asked for in vain. */
export interface Refused extends Denied {
  readonly live: number;
  readonly waiting: number;
}

/** Who was refused what, and why. */
export interface Denied {
  /** Names are empty where they are unknown. */
  readonly party: Holder;
  readonly seats: number;
  readonly features: readonly string[];
  readonly cause: DenialCause;
  /** The feature that the cause is about; empty if none. */
  readonly feature: string;
}

/** Something that a script wrote into a license's ledger. */
export type LedgerEntry = EntryPlace &
  (
    | ({ readonly kind: "taken"; readonly lease: Uuid } & Taken)
    | { readonly kind: "ended"; readonly lease: Uuid; readonly end: SessionEnd }
    | ({ readonly kind: "denied"; readonly lease: Uuid } & Refused)
    | { readonly kind: "recovered"; readonly learnedAt: number }
  );

/** Where an entry stands in the ledger of its license. */
export interface EntryPlace extends LedgerCursor {
  /** When it happened, in milliseconds of Redis' TIME. */
  readonly at: number;
}

/** Entries are numbered by their license; a later epoch may begin anew. */
export interface LedgerCursor {
  readonly epoch: number;
  readonly number: number;
}
