/** How many were ahead, and when, in milliseconds of the own monotonic clock. */
export interface Standing {
  readonly ahead: number;
  readonly at: number;
}

/**
 * How long a waiter may have to wait yet, in milliseconds, if the queue goes on as fast as
 * it has moved since it joined; `undefined` while it has not moved.
 */
export function waitEstimate(joined: Standing, now: Standing): number | undefined {
  const moved = joined.ahead - now.ahead;
  if (moved <= 0) return undefined;
  return Math.round(((now.at - joined.at) / moved) * (now.ahead + 1));
}
