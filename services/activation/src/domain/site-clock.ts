import type { Clock } from "@leasehold/kernel";

/**
 * The time that a site counts by, in milliseconds since 1970. Never steps back: a wall clock
 * that is set back neither brings the site's time back nor lets it stand.
 */
export type SiteClock = () => number;

/** @param seen the latest time that an earlier process counted */
export function siteClock(clock: Clock, seen: number): SiteClock {
  let latest = Math.max(seen, clock.now());
  let at = clock.monotonic();
  return () => {
    const monotonic = clock.monotonic();
    latest = Math.max(clock.now(), latest + monotonic - at);
    at = monotonic;
    return latest;
  };
}
