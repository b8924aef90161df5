import type { LicenseTerms } from "./license-facts.ts";
import type { HeldSeat } from "./site-seat.ts";
import { limitedFeatures } from "./site-license.ts";

/** In a `SeatCount`: all seats. Every other name is a feature's whose seats the license limits. */
export const ALL_SEATS = "";

/** So many seats, in all and with each feature whose seats are limited. */
export type SeatCount = ReadonlyMap<string, number>;

/** What a site hands out by itself. */
export interface SiteGrants {
  readonly seats: SeatCount;
  /** Until when its leases are granted and renewed, by the site's time. */
  readonly endTime: number;
}

/** What the end of the grants follows from. Times are the site's. */
export interface GrantFacts {
  readonly terms: LicenseTerms;
  /** What the site goes on with. */
  readonly kept: readonly HeldSeat[];
  /** All that it holds, what it gives up at its end included. */
  readonly alive: readonly HeldSeat[];
  /**
   * How many leases of the site's own may be live by now, or come to be by what was handed out
   * so far; `undefined` while nobody knows.
   */
  readonly mostLive: SeatCount | undefined;
  /** What is handed out by now; `undefined` if nothing is, or was. */
  readonly before: SiteGrants | undefined;
  readonly now: number;
  /** How far clocks of the site may differ, in milliseconds. */
  readonly clockErrorMs: number;
}

/**
 * What a site may hand out. For as long as one of its leases can live, as many of the vendor's
 * seats are held as leases are live: lowering seats ends no lease, so those that may be live
 * count, until it is known that they are not, and the last lease ends before the first of the
 * seats that it needs. Where nobody knows how many are live, nothing grows.
 */
export function siteGrants(facts: GrantFacts): SiteGrants {
  const { terms, kept, mostLive, before, now } = facts;
  const counters = [ALL_SEATS, ...limitedFeatures(terms).keys()];
  const seats = new Map(counters.map((counter) => [counter, counting(kept, counter).length]));
  if (mostLive === undefined) {
    for (const [counter, count] of seats)
      seats.set(counter, Math.min(count, before?.seats.get(counter) ?? 0));
    return { seats, endTime: before?.endTime ?? now };
  }
  if (kept.length === 0) return { seats, endTime: stopTime(facts) };
  const ends = counters.map((counter) => lastUse(facts, counter, seats.get(counter) ?? 0));
  return { seats, endTime: Math.min(terms.endTime, ...ends) };
}

/**
 * How many may be live once these grants are in force as well. What nobody knows stays unknown,
 * and of a feature whose seats are not limited any more nothing is known from here on.
 */
export function mostLiveWith(mostLive: SeatCount | undefined, seats: SeatCount): typeof mostLive {
  if (mostLive === undefined) return undefined;
  return new Map(
    [...mostLive].flatMap(([counter, live]) => {
      const granted = seats.get(counter);
      return granted === undefined ? [] : [[counter, Math.max(live, granted)]];
    }),
  );
}

/** Until when leases may be granted and renewed, if so many are live. */
function lastUse(facts: GrantFacts, counter: string, seats: number): number {
  const { alive, mostLive, now, terms, clockErrorMs, before } = facts;
  const live = mostLive?.get(counter);
  // The seats of the feature have been limited since: whoever used it before is not counted.
  if (live === undefined) return before?.endTime ?? now;
  const needed = Math.max(live, seats);
  if (needed === 0) return Number.POSITIVE_INFINITY;
  const ends = counting(alive, counter).map(({ held }) => held.endTime);
  const first = ends.toSorted((a, b) => b - a)[needed - 1];
  const { validityMs, graceMs } = terms.leaseTimes;
  return first === undefined ? stopTime(facts) : first - validityMs - graceMs - clockErrorMs;
}

/** At once, or when it did. */
function stopTime({ before, now }: GrantFacts): number {
  return Math.min(before?.endTime ?? now, now);
}

function counting(seats: readonly HeldSeat[], counter: string): readonly HeldSeat[] {
  return counter === ALL_SEATS ? seats : seats.filter((seat) => seat.features.includes(counter));
}
