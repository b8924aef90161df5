/** What a license says at one revision. */
export interface Terms {
  readonly seats: number;
  readonly suspended?: boolean;
}

/** How the data of a Redis may come to harm. */
export type Harm =
  | "flushed"
  | "members deleted"
  | "meta deleted"
  | "tombstones deleted"
  /** With its data as they are. */
  | "restarted"
  /** With its data of some earlier moment. */
  | "rolled back"
  /** Keys of an earlier incarnation are put back while it runs. */
  | "given earlier keys"
  /** Its own keys of an earlier moment are put back while it runs. */
  | "given its own keys";

/** How often each fault may happen in one history. */
export interface FaultBudget {
  /** The primary is cut off from its replica, which is promoted: once for each further node. */
  readonly failovers?: number;
  /** Any of `harms`. */
  readonly harms?: number;
  /** The clock of a Redis steps, by any of `steps`. */
  readonly clockSteps?: number;
  /** A holder's clock loses a tick. */
  readonly slowTicks?: number;
  /** The answer to an acquire is lost, and the same lease asked for again. */
  readonly lostAnswers?: number;
  /** A heartbeat is held up, and arrives after what its client sends next. */
  readonly heartbeatsLate?: number;
  /** A message arrives twice. */
  readonly duplicates?: number;
  readonly brokerRestarts?: number;
  /** Not a fault, but as rare: a lease is taken back. */
  readonly revocations?: number;
  /** Nor is this: a holder borrows its seat. */
  readonly borrows?: number;
}

/** A small world to be searched to its end. Times in ticks. */
export interface Bounds {
  readonly clients: number;
  /** Lease ids in use at a time. */
  readonly ids: number;
  /** How long a holder may rely on an answer. */
  readonly validity: number;
  readonly grace: number;
  readonly fence: number;
  /** How long a primary that is cut off goes on. */
  readonly stop: number;
  /** Redis servers: each replicates to the next. */
  readonly nodes: number;
  /** Whether the pool was never set up before. */
  readonly unused: boolean;
  /** The revisions of the license, in their order; the first is in force at the start. */
  readonly terms: readonly [Terms, ...Terms[]];
  /** Messages that may be under way with nobody waiting for their answers. */
  readonly strays: number;
  /** Attempts to set a pool up that may be under way at a time; 0: setting up takes no time. */
  readonly attempts: number;
  /** By how many ticks a clock steps, forward or back. */
  readonly steps: readonly number[];
  /** A step up to this passes the gate, and is seen in its reply. */
  readonly tolerance: number;
  /** How far the clock of each further Redis is ahead of the one before. */
  readonly hostsDiffer: number;
  /** Restorations that may be under way at a time; 0: restoring takes no time. */
  readonly restorations: number;
  readonly brokers: number;
  readonly harms: readonly Harm[];
  readonly faults: FaultBudget;
}

export type Fault = keyof FaultBudget;

export const FAULTS = [
  "failovers",
  "harms",
  "clockSteps",
  "slowTicks",
  "lostAnswers",
  "heartbeatsLate",
  "duplicates",
  "brokerRestarts",
  "revocations",
  "borrows",
] as const satisfies readonly Fault[];
