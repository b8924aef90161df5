import type { Clock } from "@leasehold/kernel";

/** A reading of Redis' clock. All in milliseconds; sent and received by the own monotonic clock. */
export interface ClockReading {
  readonly now: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** What the clock of Redis is believed to show. */
export interface ServerClock {
  /**
   * By the last reading and the own monotonic clock; `undefined` before the first reading,
   * and when the last one is too long ago.
   */
  readonly estimate: () => number | undefined;
  /** Takes a reading in. A blunt one, which took long, counts only where there is no better. */
  readonly observe: (reading: ClockReading) => void;
  /**
   * What Redis' clock showed when it began to run evenly, as far as is known here: at the
   * first reading, or at the first one after it had stepped or not been read for a while.
   */
  readonly trustedSince: () => number;
  /** What the clock would show if it had not stepped back; 0 if it did not, or is past that. */
  readonly peak: () => number;
}

interface Belief {
  /** As it was when trust began, and kept: many small steps are a step too. */
  readonly offset: number;
  readonly sharp: boolean;
  readonly trustedSince: number;
  /** When it was read, by the own clock. */
  readonly readAt: number;
}

/** A reading that took longer than this, in milliseconds, is blunt. */
const SHARP_MS = 500;

/** The clock may have stepped and come back between readings further apart, in milliseconds. */
const CLOSE_MS = 2_500;

/** More than this off the estimate is a step. Less is covered by the grace, 1 s at least. */
const STEP_MS = 900;

export function serverClock(clock: Pick<Clock, "monotonic">): ServerClock {
  let belief: Belief | undefined;
  let peak = 0;
  return {
    estimate: () => {
      const now = clock.monotonic();
      if (!belief || now - belief.readAt > CLOSE_MS) return undefined;
      return Math.round(now + belief.offset);
    },
    observe: ({ now, sentAt, receivedAt }) => {
      const sharp = receivedAt - sentAt <= SHARP_MS;
      if (belief?.sharp === true && !sharp) return;
      const offset = now - (sentAt + receivedAt) / 2;
      const even =
        belief?.sharp === true &&
        receivedAt - belief.readAt <= CLOSE_MS &&
        Math.abs(offset - belief.offset) <= STEP_MS;
      const before = belief && Math.round(belief.offset + receivedAt);
      if (belief?.sharp === true && before !== undefined && before - now > STEP_MS)
        peak = Math.max(peak, before);
      if (now > peak) peak = 0;
      belief =
        belief && even
          ? { ...belief, readAt: receivedAt }
          : { offset, sharp, trustedSince: now, readAt: receivedAt };
    },
    peak: () => peak,
    trustedSince: () => belief?.trustedSince ?? Number.MAX_SAFE_INTEGER,
  };
}
