import type { Clock } from "@leasehold/kernel";

/** Milliseconds since some instant of this process, the time asleep included. Never steps back. */
export type ElapsedClock = () => number;

/** Below this a difference of the two clocks is noise (the wall clock ticks in whole milliseconds). */
const NOISE_MS = 50;
/** How long a reference is kept, so that slow drift between the clocks never adds up to a step. */
const REFERENCE_MS = 60_000;

/**
 * The clock that a holder measures its seats by. The monotonic clock of Node stands still
 * while the machine sleeps; the wall clock does not. Whatever the wall clock gains on the
 * monotonic one counts as time that passed: a wall clock set forward ends a seat early,
 * one set back changes nothing, and neither lets a seat be held too long.
 */
export function suspendAwareClock(clock: Clock): ElapsedClock {
  let slept = 0;
  let wall = clock.now();
  let monotonic = clock.monotonic();
  return () => {
    const wallNow = clock.now();
    const monotonicNow = clock.monotonic();
    const gained = wallNow - wall - (monotonicNow - monotonic);
    if (gained > NOISE_MS) slept += gained;
    if (Math.abs(gained) > NOISE_MS || monotonicNow - monotonic > REFERENCE_MS) {
      wall = wallNow;
      monotonic = monotonicNow;
    }
    return monotonicNow + slept;
  };
}
