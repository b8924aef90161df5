import type { EventEmitter } from "node:events";
import type { HeldLease, SeatEnd, SeatEvents } from "./held-lease.ts";
import { held } from "./lease-timeline.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

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
  /** Tells of jeopardy, loss and revocation. */
  readonly events: EventEmitter<SeatEvents>;
  /**
   * Gives the seat back; from now on it is not held. Never rejects: if no seat-broker can
   * be reached, the seat becomes free by itself when its lease runs out.
   */
  release(): Promise<void>;
}

/**
 * The seat of a lease.
 * @param giveBack tells the seat-brokers; called once
 */
export function seatOf(
  lease: HeldLease,
  elapsed: ElapsedClock,
  giveBack: () => Promise<void>,
): Seat {
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => {
    lease.end ??= "released";
    return (released ??= giveBack());
  };
  return {
    held: () => lease.end === undefined && held(lease.timeline, elapsed()),
    get end() {
      return lease.end;
    },
    fencingToken: lease.fencingToken,
    events: lease.events,
    release,
    [Symbol.asyncDispose]: release,
  };
}
