import { LRUCache } from "lru-cache";

/** How often something may happen: so many at once, and as many again in each period. */
export interface Rate {
  readonly count: number;
  readonly periodMs: number;
}

/** Counts by key how often something happens. */
export interface Gcra {
  /** Takes one. In how many milliseconds there is room for it; 0 if there was, and it is taken. */
  take(key: string, now: number): number;
}

/**
 * The generic cell rate algorithm: a token bucket that is a single number, when it would be full
 * again. Whoever is refused takes nothing. Of more than `mostKeys`, those that came last are known;
 * one that was forgotten begins with a full bucket.
 */
export function gcra({ count, periodMs }: Rate, mostKeys: number): Gcra {
  const oneMs = periodMs / count;
  const fullAt = new LRUCache<string, number>({ max: mostKeys });
  return {
    take: (key, now) => {
      const full = Math.max(fullAt.get(key) ?? now, now);
      const waitMs = full + oneMs - now - periodMs;
      // What rounding leaves of an empty bucket is no wait.
      if (waitMs > 1e-6) return waitMs;
      fullAt.set(key, full + oneMs);
      return 0;
    },
  };
}
