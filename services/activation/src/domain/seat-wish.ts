import type { LicenseTerms } from "./license-facts.ts";
import type { SiteSeat } from "./site-seat.ts";
import { limitedFeatures } from "./site-license.ts";

/** What a site is set up to hold. */
export interface SeatWish {
  readonly seats: number;
  /** How many of the seats may use a feature, of those whose seats the license limits. */
  readonly featureSeats: ReadonlyMap<string, number>;
}

/** What to do about the seats that there are. */
export interface SeatPlan<Seat extends SiteSeat> {
  /** To go on with. */
  readonly keep: readonly Seat[];
  /** Not to be extended. */
  readonly leave: readonly Seat[];
  /** The features of each seat that is lacking. */
  readonly lack: readonly (readonly string[])[];
}

/**
 * Which seats a site goes on with, and which it still needs, of what it is set up to hold and the
 * license has. Those at the front are kept.
 */
export function planSeats<Seat extends SiteSeat>(
  seats: readonly Seat[],
  wish: SeatWish,
  terms: LicenseTerms,
): SeatPlan<Seat> {
  const lack = wanted(wish, terms);
  const keep: Seat[] = [];
  const leave: Seat[] = [];
  for (const seat of seats) {
    const place = lack.findIndex((features) => features.join() === seat.features.join());
    if (place < 0) {
      leave.push(seat);
    } else {
      keep.push(seat);
      lack.splice(place, 1);
    }
  }
  return { keep, leave, lack };
}

/** The features of each seat, sorted; the first seats have the most. */
function wanted({ seats, featureSeats }: SeatWish, terms: LicenseTerms): string[][] {
  const limits = limitedFeatures(terms);
  const codes = [...featureSeats.keys()].filter((code) => limits.has(code)).toSorted();
  const most = (code: string) => Math.min(featureSeats.get(code) ?? 0, limits.get(code) ?? 0);
  return Array.from({ length: Math.min(seats, terms.seats) }, (_, place) =>
    codes.filter((code) => place < most(code)),
  );
}
