import { type Clock, isProblem, type ErrorReason, type RandomBytes } from "@leasehold/kernel";
import type { SiteClock } from "../domain/site-clock.ts";
import { isAlive, newLease, type HeldSeat, type SiteSeat } from "../domain/site-seat.ts";
import { planSeats, type SeatWish } from "../domain/seat-wish.ts";
import type { SiteLicense } from "../domain/site-license.ts";
import { siteRefused } from "../domain/site-problems.ts";
import type { SiteStore, Vendor } from "./site-ports.ts";

/** What keeping the allotment needs. */
export interface AllotmentPorts {
  readonly store: SiteStore;
  readonly vendor: Pick<Vendor, "lend" | "giveBack">;
  readonly siteNow: SiteClock;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly wish: SeatWish;
  /** For how long the site wants to be on its own; the license may allow less. */
  readonly termMs: number;
}

/** The seats of the vendor's that a site has after a round. */
export interface Allotment {
  /** What it goes on with. */
  readonly kept: readonly HeldSeat[];
  /** All that it holds. */
  readonly alive: readonly HeldSeat[];
  /** What stopped the round; `undefined` if nothing did. */
  readonly failure: unknown;
  /** Whether the vendor answered. */
  readonly reached: boolean;
}

const DAY_MS = 86_400_000;
/** A seat is extended after this part of its term. */
const EXTENDED_EVERY = 1 / 8;
/** Whoever found no seat asks again after so long. */
const LACKING_RETRY_MS = 30_000;

/** The lease is over, or never was: the vendor may have given the seat to others. */
const OVER: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "LEASE_EXPIRED",
  "LEASE_RELEASED",
  "LEASE_ID_TAKEN",
]);
/** There is no such seat for the site now. */
const NONE: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "NO_SEATS",
  "FEATURE_NOT_LICENSED",
  "HOLDER_EXCLUDED",
]);
/** The vendor did not answer, or could not; or was not asked. */
const AWAY: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "SITE_REFUSED",
  "DEPENDENCY_UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "OVERLOADED",
  "DRAINING",
]);

/**
 * The seats of the vendor's that a site holds. Each is a lease of one seat that is borrowed and
 * extended again and again, so that the vendor alone decides and no seat is in two hands. What a
 * site holds is never given back before its end: whatever copy of its database it wakes up with,
 * each seat that it finds there is its own until then, by the vendor's own signature.
 */
export class AllotmentKeeper {
  readonly #ports: AllotmentPorts;
  /** Seats that the vendor confirmed to this process. */
  readonly #confirmed = new Set<string>();
  /** Seats that were taken back: they count until their end, and are not extended. */
  readonly #refused = new Set<string>();
  #lacking: { readonly until: number } | undefined;

  constructor(ports: AllotmentPorts) {
    this.#ports = ports;
  }

  /** Extends what is due, asks for what is lacking, forgets what is over. Never throws over the vendor's answers. */
  async round(license: SiteLicense, signal: AbortSignal): Promise<Allotment> {
    let reached = false;
    let failure: unknown;
    try {
      reached = await this.#deal(license, signal);
    } catch (thrown) {
      failure = thrown;
      reached = isProblem(thrown) && !AWAY.has(thrown.reason);
    }
    return { ...(await this.standing(license)), failure, reached };
  }

  /** What there is, without asking anybody. */
  async standing(license: SiteLicense): Promise<Pick<Allotment, "kept" | "alive">> {
    const { store, siteNow, wish } = this.#ports;
    const now = siteNow();
    const alive = (await store.seats()).filter((seat) => isAlive(seat, now));
    const { keep } = planSeats(this.#extendable(alive), wish, license.terms);
    return { kept: keep, alive };
  }

  /** @returns whether the vendor was asked for anything */
  async #deal(license: SiteLicense, signal: AbortSignal): Promise<boolean> {
    const { store, siteNow, wish } = this.#ports;
    await this.#forgetOver();
    const seats = this.#extendable(await store.seats());
    const { keep, leave, lack } = planSeats(seats, wish, license.terms);
    let asked = false;
    for (const seat of leave.filter(({ held }) => held === undefined)) {
      await this.#cancel(seat.lease, signal);
      asked = true;
    }
    for (const seat of keep.filter((seat) => this.#isDue(seat, license))) {
      await this.#lend(seat, license, signal);
      asked = true;
    }
    if (this.#lacking !== undefined && siteNow() < this.#lacking.until) return asked;
    this.#lacking = undefined;
    for (const features of lack) {
      const lease = newLease(license.license, this.#ports.clock, this.#ports.random);
      // Before the vendor is asked: an answer that gets lost is asked for again.
      await store.ask({ lease, features }, siteNow());
      asked = true;
      if (!(await this.#lend({ lease, features }, license, signal))) break;
    }
    return asked;
  }

  /** @returns whether it is held now */
  async #lend(seat: SiteSeat, license: SiteLicense, signal: AbortSignal): Promise<boolean> {
    const { store, vendor, siteNow } = this.#ports;
    const { lease } = seat;
    const term = this.#termOf(license);
    if (term === 0) throw siteRefused();
    const sentAt = siteNow();
    try {
      const lent = await vendor.lend(seat, term, signal);
      if (lent === "overdraft") {
        this.#lacks();
        // Lent by the overdraft before anybody counted on it; what is held stays until its end.
        if (seat.held === undefined) await this.#cancel(lease, signal);
        else this.#refused.add(lease);
        return false;
      }
      const { borrow, lastsMs } = lent;
      await store.hold(lease, { borrow, endTime: sentAt + lastsMs, extendTime: sentAt });
      this.#confirmed.add(lease);
      return true;
    } catch (thrown) {
      return this.#refusedBy(thrown, seat, signal);
    }
  }

  async #refusedBy(thrown: unknown, seat: SiteSeat, signal: AbortSignal): Promise<false> {
    if (!isProblem(thrown)) throw thrown;
    const { lease, held } = seat;
    // A lease that lives is found before it is looked whether there are seats.
    const isOver = OVER.has(thrown.reason) || (held && thrown.reason === "NO_SEATS");
    if (isOver) {
      await this.#ports.store.forget(lease);
      return false;
    }
    if (thrown.reason === "BORROW_REFUSED" && held === undefined) {
      // Leased and not lent: a site that can do nothing with it keeps it from nobody.
      await this.#cancel(lease, signal);
      this.#lacks();
    }
    if (thrown.reason !== "LEASE_REVOKED" && !NONE.has(thrown.reason)) throw thrown;
    if (held === undefined) await this.#cancel(lease, signal);
    else this.#refused.add(lease);
    this.#lacks();
    return false;
  }

  /** Nobody has counted on it: it is made sure that it is nobody's. */
  async #cancel(lease: string, signal: AbortSignal): Promise<void> {
    await this.#ports.vendor.giveBack(lease, signal);
    await this.#ports.store.forget(lease);
  }

  #lacks(): void {
    this.#lacking = { until: this.#ports.siteNow() + LACKING_RETRY_MS };
  }

  async #forgetOver(): Promise<void> {
    const { store, siteNow } = this.#ports;
    for (const { lease, held } of await store.seats()) {
      if (held === undefined || held.endTime > siteNow()) continue;
      await store.forget(lease);
      this.#refused.delete(lease);
      this.#confirmed.delete(lease);
    }
  }

  #extendable<Seat extends SiteSeat>(seats: readonly Seat[]): readonly Seat[] {
    return seats.filter(({ lease }) => !this.#refused.has(lease));
  }

  #isDue({ lease, held }: SiteSeat, license: SiteLicense): boolean {
    if (held === undefined || !this.#confirmed.has(lease)) return true;
    const every = this.#termOf(license) * EXTENDED_EVERY;
    return this.#ports.siteNow() - held.extendTime >= every;
  }

  #termOf({ offlineDays }: SiteLicense): number {
    return Math.min(this.#ports.termMs, offlineDays * DAY_MS);
  }
}
