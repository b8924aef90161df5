import type { Timings } from "../site/timings.ts";
import { isCalm } from "./calm.ts";
import type { History } from "./history.ts";
import { stretchesOf, told } from "./stretches.ts";
import { tooMany } from "./too-many.ts";

type Seen = Pick<
  History,
  "holdings" | "capacities" | "outages" | "disturbances" | "from" | "until"
>;

/**
 * A heartbeat is sent a quarter of the validity after the one before, a tenth of that later at most, and
 * is answered: a killed agent's deadline is at least so much of the validity ahead.
 */
const LEAST_AHEAD = 0.6;

/** Within this after its end a seat must be taken again, in milliseconds: the longest poll, on a busy machine. */
const POLL_MS = 3_000;

/** Seats of killed agents that were granted again before their deadline. */
export function grantedTooEarly(history: Seen, timings: Timings): readonly string[] {
  const { validityMs } = timings;
  const extended = history.holdings.map((holding) =>
    holding.killed && isCalm(history, { from: holding.until - validityMs, until: holding.until })
      ? { ...holding, until: holding.until + validityMs * LEAST_AHEAD }
      : holding,
  );
  const known = new Set(tooMany(history, timings));
  return tooMany({ ...history, holdings: extended }, timings).filter((each) => !known.has(each));
}

/** Killed agents whose seats were, or were not, taken again in time. */
export function killedSeats(
  history: Seen,
  timings: Timings,
): { readonly again: number; readonly notAgain: readonly string[] } {
  const stretches = stretchesOf(history.holdings);
  const notAgain: string[] = [];
  let again = 0;
  for (const { agent, until: killedAt } of history.holdings.filter(({ killed }) => killed)) {
    const end = killedAt + timings.spanMs + POLL_MS;
    if (end > history.until || !isCalm(history, { from: killedAt, until: end })) continue;
    // The capacity may change within the time: the smallest counts.
    const inForce = history.capacities.filter((c) => c.from <= end && c.until >= killedAt);
    const seats = Math.min(...inForce.map((capacity) => capacity.seats));
    const full = stretches.some(
      ({ from, until, live }) => until > killedAt && from < end && live >= seats,
    );
    if (full) again += 1;
    else
      notAgain.push(
        `the seat of ${agent}, killed at ${told(history.from, killedAt)}, was not taken again`,
      );
  }
  return { again, notAgain };
}
