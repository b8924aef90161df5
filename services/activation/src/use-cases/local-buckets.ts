import type { Clock } from "@leasehold/kernel";
import { afterOneMore, type FullAt, tenthOf, waitFor } from "../domain/rate.ts";
import type { Bucket, Buckets } from "./unlock-limit-ports.ts";

/** How many buckets are kept at most. */
const MOST = 20_000;
/** How long whoever comes when there is no room for another bucket is told to wait. */
const NO_ROOM_MS = 60_000;

/**
 * Buckets of this process alone, for when the shared ones are away: they fill at a tenth of the rate,
 * because there may be ten processes. When there is no room for another bucket nothing is granted.
 */
export function localBuckets(clock: Pick<Clock, "monotonic">, most = MOST): Buckets {
  const kept = new Map<string, FullAt>();

  function hasRoom(buckets: readonly Bucket[], now: number): boolean {
    const fresh = buckets.filter(({ key }) => !kept.has(key)).length;
    if (kept.size + fresh <= most) return true;
    for (const [key, fullAt] of kept) if (fullAt <= now) kept.delete(key);
    return kept.size + fresh <= most;
  }

  function take(buckets: readonly Bucket[], now: number): void {
    for (const { key, rate, take } of buckets)
      if (take) kept.set(key, afterOneMore(tenthOf(rate), kept.get(key) ?? 0, now));
  }

  return {
    ask: (buckets) => {
      const now = clock.monotonic();
      if (!hasRoom(buckets, now)) return Promise.resolve(NO_ROOM_MS);
      const waits = buckets.map(({ key, rate }) => waitFor(tenthOf(rate), kept.get(key) ?? 0, now));
      const wait = Math.max(0, ...waits);
      if (wait === 0) take(buckets, now);
      return Promise.resolve(wait);
    },
    charge: (buckets) => {
      const now = clock.monotonic();
      if (hasRoom(buckets, now)) take(buckets, now);
      return Promise.resolve();
    },
  };
}
