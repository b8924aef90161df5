import type { BatchOutcome } from "./ports.ts";

/** Why a license has no seat for somebody who may ask for one: as the ledger has it, and its term and state besides. */
export const COUNTED_CAUSES = [
  "FULL",
  "FEATURE_FULL",
  "DRAINED",
  "HOLDER_EXCLUDED",
  "FEATURE_NOT_LICENSED",
  "VERSION_NOT_COVERED",
  "INSTALLATION_DISABLED",
  "RESOURCE_NOT_LICENSED",
  "LICENSE_SUSPENDED",
  "LICENSE_REVOKED",
  "LICENSE_NOT_STARTED",
  "LICENSE_EXPIRED",
] as const;

export type CountedCause = (typeof COUNTED_CAUSES)[number];

/** How it ended that somebody asked for a seat. */
export type AskEnd =
  | { readonly kind: "granted"; readonly overdraft: boolean }
  | { readonly kind: "denied"; readonly cause: CountedCause }
  /** The request was at fault, or its lease over. */
  | { readonly kind: "refused" }
  /** The broker could not decide: the fault is ours. */
  | { readonly kind: "failed" };

/** Counts what happens all the time, and cheaply: nothing is made for a single heartbeat. */
export interface BrokerCounts {
  asked(end: AskEnd): void;
  /** One round trip of renewals, a batch of it without outcome where Redis did not answer. */
  renewed(trip: {
    readonly leases: number;
    readonly tookMs: number;
    readonly outcomes: readonly (BatchOutcome | undefined)[];
  }): void;
  /** Somebody waited for a seat for so long; whether it was offered one. */
  waited(wasOffered: boolean, ms: number): void;
  /** A lease's token was forged, mutated or of another lease. */
  tokenRefused(): void;
}
