import type { Chronicle } from "../site/chronicle.ts";

/** A time during which an agent was seen to rely on a seat. Times by `hostNow`, here and below. */
export interface Holding {
  readonly agent: string;
  /** When the seat was asked for. */
  readonly askedAt: number;
  readonly from: number;
  readonly until: number;
  readonly fence: bigint;
  /** Whether its agent was killed meanwhile. */
  readonly killed: boolean;
}

/** A time during which somebody was known to be in the queue. */
export interface Waiting {
  readonly agent: string;
  readonly from: number;
  /** When it was granted a seat, or gave up. */
  readonly until: number;
  /** Whether its agent was killed, paused or starved meanwhile, so that its place may have lapsed. */
  readonly disturbed: boolean;
}

export interface Loss {
  readonly agent: string;
  readonly at: number;
  readonly cause: string;
}

/** A time during which an agent could not do its part. */
export interface Standstill {
  readonly agent: string;
  readonly from: number;
  readonly until: number;
}

/** The pool as a seat-broker told it. */
export interface PoolLook {
  readonly at: number;
  readonly seats: number;
  /** How many the server counts as taken. */
  readonly live: number;
}

/** What agents wrote down. */
export interface Told {
  readonly holdings: readonly Holding[];
  readonly waitings: readonly Waiting[];
  readonly losses: readonly Loss[];
  readonly standstills: readonly Standstill[];
  readonly refusals: readonly { readonly at: number; readonly reason: string }[];
}

/** All that is known of a run. */
export interface History extends Told, Omit<Chronicle, "surprises"> {
  readonly from: number;
  readonly until: number;
  readonly looks: readonly PoolLook[];
  /** Fences that each lease id was seen with. */
  readonly fencesOfLeases: ReadonlyMap<string, ReadonlySet<bigint>>;
}
