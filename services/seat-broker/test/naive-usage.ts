import { QUARTER_HOUR_MS } from "../src/domain/usage-spans.ts";

/** A lease that was held. */
export interface HeldSeat {
  readonly since: number;
  readonly until: number;
  readonly seats: number;
  readonly features: readonly string[];
  /** Who shares it; empty for nobody. */
  readonly unit: string;
}

/** What a quarter of an hour should come to. */
export interface NaivePoint {
  readonly startsAt: number;
  readonly peak: number;
  readonly seatMs: number;
  readonly grants: number;
}

/** Counts quarters of an hour one instant after the other. @param feature "" for the pool */
export function naiveUsage(
  all: readonly HeldSeat[],
  feature: string,
  { from, until }: { readonly from: number; readonly until: number },
): readonly NaivePoint[] {
  const held = all.filter(({ features }) => feature === "" || features.includes(feature));
  const changes = held.flatMap(({ since, until: end }) => [since, end]);
  const points: NaivePoint[] = [];
  for (let startsAt = from; startsAt < until; startsAt += QUARTER_HOUR_MS) {
    const stop = startsAt + QUARTER_HOUR_MS;
    const within = changes.filter((at) => at > startsAt && at < stop);
    const instants = [...new Set([startsAt, ...within])].toSorted((a, b) => a - b);
    let [peak, seatMs] = [0, 0];
    for (const [index, at] of instants.entries()) {
      const live = liveAt(held, at);
      peak = Math.max(peak, live);
      seatMs += live * ((instants[index + 1] ?? stop) - at);
    }
    const grants = held.filter(({ since }) => since >= startsAt && since < stop).length;
    if (peak > 0 || grants > 0) points.push({ startsAt, peak, seatMs, grants });
  }
  return points;
}

function liveAt(held: readonly HeldSeat[], at: number): number {
  const units = new Map<string, number>();
  for (const [index, { since, until, seats, unit }] of held.entries())
    if (since <= at && at < until) units.set(unit || `alone ${index}`, seats);
  return [...units.values()].reduce((sum, seats) => sum + seats, 0);
}
