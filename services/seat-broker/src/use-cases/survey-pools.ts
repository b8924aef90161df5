import type { Uuid } from "@leasehold/kernel";

/** How one pool stands, as Redis has it. */
export type SurveyedPool =
  | { readonly kind: "unset" }
  | {
      readonly kind: "set-up";
      readonly live: number;
      /** Of its terms, overdraft included. */
      readonly seats: number;
      readonly waiting: number;
      /** Nobody new is admitted: its holders are waited for. */
      readonly learning: boolean;
      /** For how long a lease is over that nobody has ended yet, in milliseconds; 0 if there is none. */
      readonly reclaimLagMs: number;
      /** Entries of the ledger that are not in Postgres. */
      readonly backlog: number;
    };

/** What is asked of the stores. */
export interface SurveyPorts {
  /** Licenses with open sessions, in their order, behind this one; at most 500. */
  readonly usage: { inUse(after: Uuid | undefined): Promise<readonly Uuid[]> };
  readonly pools: { survey(licenses: readonly Uuid[]): Promise<readonly SurveyedPool[]> };
}

/** All pools in use together. */
export interface Survey {
  pools: number;
  /** Every seat is live. */
  full: number;
  learning: number;
  unset: number;
  live: number;
  seats: number;
  waiting: number;
  /** The longest. */
  reclaimLagMs: number;
  backlog: number;
  /** Whether there were too many to look at all of them. */
  isPartial: boolean;
}

/** Looking at one takes Redis a few microseconds. */
const MOST_POOLS = 10_000;

/**
 * Looks at the pools that are in use.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export async function surveyPools({ usage, pools }: SurveyPorts): Promise<Survey> {
  const survey: Survey = {
    pools: 0,
    full: 0,
    learning: 0,
    unset: 0,
    live: 0,
    seats: 0,
    waiting: 0,
    reclaimLagMs: 0,
    backlog: 0,
    isPartial: false,
  };
  let after: Uuid | undefined;
  do {
    const licenses = await usage.inUse(after);
    for (const pool of await pools.survey(licenses)) add(survey, pool);
    after = licenses.at(-1);
    survey.isPartial = after !== undefined && survey.pools >= MOST_POOLS;
  } while (after !== undefined && !survey.isPartial);
  return survey;
}

function add(survey: Survey, pool: SurveyedPool): void {
  survey.pools += 1;
  if (pool.kind === "unset") {
    survey.unset += 1;
    return;
  }
  const { live, seats, waiting, learning, reclaimLagMs, backlog } = pool;
  if (live >= seats) survey.full += 1;
  if (learning) survey.learning += 1;
  survey.live += live;
  survey.seats += seats;
  survey.waiting += waiting;
  survey.backlog += backlog;
  survey.reclaimLagMs = Math.max(survey.reclaimLagMs, reclaimLagMs);
}
