import type { EventEmitter } from "node:events";
import type { SeatClaim, SeatEnd, SeatEvents, SeatLease } from "./held-lease.ts";
import type { SeatWarning } from "./seat-warning.ts";

/** For how long to borrow a seat: so many days from now, or until then. */
export type BorrowTerm = { readonly days: number } | { readonly until: Date };

/**
 * The right to work. Ask `held()` before each piece of protected work: it answers from the
 * clock alone, so that it is right even when the network, or the whole process, stood still.
 */
export interface Seat extends AsyncDisposable {
  /** Whether the seat may be relied on at this very moment. Once `false`, always `false`. */
  held(): boolean;
  /** How the seat ended; `undefined` while it has not, or it has not been noticed yet. */
  readonly end: SeatEnd | undefined;
  /**
   * Rises with every grant of the license's seats. A protected system that remembers the
   * highest one it saw can refuse an older holder.
   */
  readonly fencingToken: bigint;
  /** What it takes of the license's seats. */
  readonly claim: SeatClaim;
  /** Whether it was granted beyond the license's seats, which the vendor will hear of. */
  readonly overdraft: boolean;
  /** What whoever runs the application should see to: the session's `warning` event tells it, too. */
  readonly warnings: readonly SeatWarning[];
  /**
   * Set once the seat is borrowed: until when, by the cluster's clock (milliseconds since
   * 1970), and the signed file that proves it to others, a `borrow+jwt`.
   */
  readonly borrowed: { readonly until: number; readonly token: string } | undefined;
  /** Tells of jeopardy, the end of a borrow, loss and revocation. */
  readonly events: EventEmitter<SeatEvents>;
  /**
   * Borrows the seat: from now on it is held until the end without any connection, by later
   * processes of this installation too. Repeated, for longer if the license allows.
   * @throws Problem BORROW_REFUSED if the license does not allow it; UNAUTHENTICATED if the
   *   license file does not know the key that signed, for it is older: unlock again. The
   *   seat is then as it was.
   */
  borrow(term: BorrowTerm): Promise<void>;
  /**
   * Gives the seat back; from now on it is not held. If no seat-broker can be reached, the
   * seat becomes free by itself when its lease runs out. A borrowed one is told to the next
   * seat-broker that a session of this installation reaches, and is free at its end at the latest.
   */
  release(): Promise<void>;
  /** Releases the seat, unless it is borrowed. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a seat can be asked to do, beyond telling of itself. */
export interface SeatActs {
  readonly borrow: (term: BorrowTerm, seat: Seat) => Promise<void>;
  /** Tells the seat-brokers; called once. */
  readonly giveBack: (seat: Seat) => Promise<void>;
}

/**
 * The seat of a lease.
 * @param keptUp whether heartbeats keep it up, as long as it is not borrowed
 */
export function seatOf(lease: SeatLease, keptUp: () => boolean, acts: SeatActs): Seat {
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => {
    lease.end ??= "released";
    return (released ??= acts.giveBack(seat));
  };
  const held = (): boolean =>
    lease.end === undefined && (lease.borrow ? lease.borrow.running() : keptUp());
  // Taken back seats are given back at once: the application is not to work on them any more.
  lease.events.once("revoked", () => void release());
  const seat: Seat = {
    held,
    get end() {
      return lease.end;
    },
    fencingToken: lease.fencingToken,
    claim: lease.claim,
    overdraft: lease.overdraft,
    warnings: lease.warnings,
    get borrowed() {
      return lease.borrow && { until: lease.borrow.endTime, token: lease.borrow.token };
    },
    events: lease.events,
    borrow: (term) => acts.borrow(term, seat),
    release,
    [Symbol.asyncDispose]: () => (lease.borrow ? Promise.resolve() : release()),
  };
  return seat;
}
