import type { Holder } from "./holder.ts";
import type { Uuid } from "@leasehold/kernel";
import type { DenialCause, SessionEnd } from "./ledger-entry.ts";

/** One lease from its grant to its end. Times in milliseconds since 1970. */
export interface Session {
  readonly lease: Uuid;
  readonly party: Holder;
  readonly seats: number;
  readonly features: readonly string[];
  readonly fence: bigint;
  readonly grantedAt: number;
  readonly ended: { readonly at: number; readonly end: SessionEnd } | undefined;
  readonly overdraft: boolean;
  readonly borrowed: boolean;
}

/** What came of a denial: TRUE if its holder got no seat in time. */
export type DenialOutcome = "OPEN" | "TRUE" | "SERVED" | "RETRY";

/** A lease that was asked for in vain. Times in milliseconds since 1970. */
export interface Denial {
  readonly lease: Uuid;
  readonly party: Holder;
  readonly seats: number;
  readonly features: readonly string[];
  readonly cause: DenialCause;
  readonly feature: string;
  readonly live: number;
  readonly waiting: number;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly outcome: DenialOutcome;
  readonly grantedAt: number | undefined;
}

/** From (inclusive) until (exclusive), in milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Which sessions are wanted: those that match all that is given. */
export interface SessionQuery extends Partial<TimeRange> {
  readonly user?: string;
  readonly host?: string;
  readonly installation?: Uuid;
  readonly feature?: string;
  readonly open?: boolean;
}

/** Which denials are wanted: those that match all that is given. */
export interface DenialQuery extends Partial<TimeRange> {
  readonly user?: string;
  readonly host?: string;
  readonly cause?: DenialCause;
  readonly outcome?: DenialOutcome;
}

/** A row's place among those of its license: when it began, and its lease. */
export interface UsagePosition {
  readonly at: number;
  readonly lease: Uuid;
}

/** How a pool or a feature was used within one span. */
export interface UsagePoint {
  readonly startsAt: number;
  readonly peak: number;
  /** Milliseconds for which seats were held, of all seats together. */
  readonly seatMs: number;
  readonly seats: number;
  readonly grants: number;
  readonly denials: number;
  readonly trueDenials: number;
}

/** A quarter of an hour of the pool (feature "") or a feature. */
export interface UsageRollup extends UsagePoint {
  readonly feature: string;
}

/** How much one user, host or feature used. */
export interface UsageTotal {
  readonly key: string;
  readonly seatMs: number;
  readonly sessions: number;
}

/** The largest of each kind, in that order. */
export interface UsageTotals {
  readonly users: readonly UsageTotal[];
  readonly hosts: readonly UsageTotal[];
  readonly features: readonly UsageTotal[];
}
