import type { Capacity } from "../site/chronicle.ts";
import type { Timings } from "../site/timings.ts";
import type { History } from "./history.ts";
import { covered, stretchesOf, told } from "./stretches.ts";

type Seen = Pick<History, "holdings" | "capacities" | "from">;

/**
 * Seats that somebody got although as many were relied on as the license has: as the largest capacity
 * in force during the last span.
 */
export function tooMany(
  { holdings, capacities, from: start }: Seen,
  { spanMs }: Timings,
): readonly string[] {
  return stretchesOf(holdings)
    .filter(({ from, live, begins }) => begins && live > allowedAt(capacities, from, spanMs))
    .map(
      ({ from, until, live }) =>
        `${live} seats were relied on for ${(until - from).toFixed(1)} ms at ${told(start, from)}, ${allowedAt(capacities, from, spanMs)} were allowed`,
    );
}

/** For which share of the time as many seats were relied on as were asked for last. */
export function shareAtCapacity({
  holdings,
  capacities,
  from,
  until,
}: Seen & Pick<History, "until">): number {
  const stretches = stretchesOf(holdings);
  const at = capacities.map(({ seats, from: since }, index) => {
    const full = stretches.filter(({ live }) => live >= seats);
    const next = capacities[index + 1]?.from ?? until;
    return covered(full, { from: Math.max(since, from), until: Math.min(next, until) });
  });
  return at.reduce((sum, ms) => sum + ms, 0) / (until - from);
}

/**
 * For how long more seats were relied on than the license has by then, in milliseconds: those
 * who have a seat when the license shrinks may keep it, and nobody gets one before they are few.
 */
export function timeAboveLowered({ holdings, capacities }: Seen, { spanMs }: Timings): number {
  const ends = capacities.map(({ until }) => until + spanMs);
  let above = 0;
  for (const { from, until, live } of stretchesOf(holdings)) {
    const marks = [from, ...ends.filter((end) => end > from && end < until).sort((a, b) => a - b)];
    for (const [index, mark] of marks.entries())
      // Just after the mark: at its end a capacity counts for the last time.
      if (live > allowedAt(capacities, mark + 1e-6, spanMs))
        above += (marks[index + 1] ?? until) - mark;
  }
  return above;
}

/** The largest capacity in force during the last span before an instant, or at it. */
function allowedAt(capacities: readonly Capacity[], at: number, spanMs: number): number {
  const inForce = capacities.filter(({ from, until }) => from <= at && until >= at - spanMs);
  return Math.max(...inForce.map(({ seats }) => seats));
}

/** The capacity that was asked for last. */
export function newestAt(capacities: readonly Capacity[], at: number): Capacity | undefined {
  return capacities.findLast(({ from }) => from <= at);
}
