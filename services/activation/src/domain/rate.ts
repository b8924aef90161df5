/** How often something may happen: so many at once, and as many again in each period. */
export interface Rate {
  readonly count: number;
  readonly periodMs: number;
}

/** How far a bucket of a rate is emptied: when it would be full again, in milliseconds of some clock. */
export type FullAt = number;

/** How long until there is room for one more, in milliseconds; 0 if there is now. */
export function waitFor({ count, periodMs }: Rate, fullAt: FullAt, now: number): number {
  // In this order an empty wait is 0, and not what rounding leaves of it.
  return Math.max(0, Math.max(fullAt - now, 0) + (periodMs / count - periodMs));
}

/**
 * The bucket after one more, whether there was room or not: it goes into debt by a period at most, so
 * that however many came at a time, it is empty for no longer than that.
 */
export function afterOneMore({ count, periodMs }: Rate, fullAt: FullAt, now: number): FullAt {
  return Math.min(Math.max(fullAt, now) + periodMs / count, now + 2 * periodMs);
}

/** A tenth of a rate; at least one in a period. */
export function tenthOf({ count, periodMs }: Rate): Rate {
  return { count: Math.max(1, Math.floor(count / 10)), periodMs };
}
