import type { Clock } from "@leasehold/kernel";

/**
 * When callers who were sent away are to come back, given the least that each must wait. In
 * milliseconds.
 */
export type RetrySchedule = (leastMs: number) => number;

/** As many come back in a second as cost the broker little. */
const RETURNS_PER_SECOND = 1_000;
const LONGEST_SPREAD_MS = 30_000;

/**
 * Gives each who is sent away a place behind those who were sent away before, so that however many
 * they are, they come back one by one, and chance on top, as other brokers give the same places.
 * @param chance a number from 0 to 1
 */
export function retrySchedule(
  clock: Pick<Clock, "monotonic">,
  chance: () => number,
): RetrySchedule {
  let last = Number.NEGATIVE_INFINITY;
  return (leastMs) => {
    const now = clock.monotonic();
    const next = Math.max(last, now) + 1_000 / RETURNS_PER_SECOND;
    last = Math.min(next, now + LONGEST_SPREAD_MS);
    return Math.ceil(leastMs * (1 + chance() / 4) + (last - now) * (0.75 + chance() / 2));
  };
}
