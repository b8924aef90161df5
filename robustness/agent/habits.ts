import type { Dice } from "../site/dice.ts";
import type { Timings } from "../site/timings.ts";

/** At least, at most. */
export type Range = readonly [number, number];

/** How a client application uses seats. Times in milliseconds. */
export interface Habits {
  /**
   * It is busy for a while, then steady for a while, and so on, all applications of a host at the same
   * time. When busy it gives each seat back soon. When steady it keeps what it has, so that every seat
   * is taken, and there are holders whenever something goes wrong.
   */
  readonly busyMs: number;
  readonly steadyMs: number;
  /** For how long it holds a seat when it is busy. */
  readonly shortHoldMs: Range;
  /** Share of the seats that it keeps through a busy time. */
  readonly kept: number;
  /** Share of the acquires that wait in the queue, and for how long. */
  readonly waits: number;
  readonly waitMs: number;
  /** After a refusal; more often than refusals ask for, as the more compete, the more there is to get wrong. */
  readonly retryMs: number;
}

/** Competes for seats. Steady for as long as a seat is valid, so that recoveries of any length meet holders. */
export function competing({ validityMs }: Pick<Timings, "validityMs">): Habits {
  return {
    busyMs: 4_000,
    steadyMs: validityMs,
    shortHoldMs: [30, 200],
    kept: 0.3,
    waits: 0.2,
    waitMs: 3_000,
    retryMs: 250,
  };
}

/** Takes a seat and keeps it. */
export const STEADY: Habits = {
  busyMs: 0,
  steadyMs: 10 * 86_400_000,
  shortHoldMs: [0, 0],
  kept: 0,
  waits: 0,
  waitMs: 0,
  retryMs: 1_000,
};

/** For how long to hold a seat from now on. @param now by `hostNow` */
export function holdMs(habits: Habits, now: number, random: Dice): number {
  const { busyMs, steadyMs, shortHoldMs, kept } = habits;
  const phase = now % (busyMs + steadyMs);
  if (phase < busyMs) return random.between(...shortHoldMs);
  const untilBusy = busyMs + steadyMs - phase;
  return untilBusy + random.between(0, busyMs / 8) + (random.chance(kept) ? busyMs + steadyMs : 0);
}
