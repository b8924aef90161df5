import type { Clock } from "@leasehold/kernel";

/** A reading of Redis' clock. All in milliseconds; sent and received by the own monotonic clock. */
export interface ClockReading {
  readonly now: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** What the clock of Redis is believed to show. */
export interface ServerClock {
  /** By the last reading and the own monotonic clock; `undefined` before the first reading. */
  readonly estimate: () => number | undefined;
  /** Takes a reading in. A blunt one, which took long, counts only where there is no better. */
  readonly observe: (reading: ClockReading) => void;
  /** What Redis' clock showed when it was last seen to have stepped forward; 0 if it never was. */
  readonly steppedAt: () => number;
}

/** A reading that took longer than this, in milliseconds, is blunt. */
const SHARP_MS = 500;

/** More than this ahead of the estimate is a step. Less is covered by the grace, 1 s at least. */
const STEP_MS = 900;

export function serverClock(clock: Pick<Clock, "monotonic">): ServerClock {
  let belief: { readonly offset: number; readonly sharp: boolean } | undefined;
  let steppedAt = 0;
  return {
    estimate: () => belief && Math.round(clock.monotonic() + belief.offset),
    observe: ({ now, sentAt, receivedAt }) => {
      const sharp = receivedAt - sentAt <= SHARP_MS;
      if (belief?.sharp === true && !sharp) return;
      const offset = now - (sentAt + receivedAt) / 2;
      if (belief?.sharp === true && offset - belief.offset > STEP_MS) steppedAt = now;
      belief = { offset, sharp };
    },
    steppedAt: () => steppedAt,
  };
}
