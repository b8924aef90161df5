import { uptime } from "node:os";
import type { Clock } from "@leasehold/kernel";

/** Milliseconds since some instant of this process, the time asleep included. Never steps back. */
export type ElapsedClock = () => number;

/** Below this a difference of the clocks is noise: the wall clock ticks in whole milliseconds, */
const WALL_NOISE_MS = 50;
/** and the uptime, on some systems, in whole seconds. */
const UPTIME_NOISE_MS = 2_000;
/** How long a reference is kept, so that slow drift between the clocks never adds up to a step. */
const REFERENCE_MS = 10_000;

/**
 * The clock that a holder measures its seats by. The monotonic clock of Node stands still
 * while the machine sleeps; the wall clock does not. Whatever the wall clock gains on the
 * monotonic one counts as time that passed: a wall clock set forward ends a seat early,
 * one set back changes nothing, and neither lets a seat be held too long. A sleep that a
 * wall clock hides, because it was set back meanwhile, is told by the machine's uptime.
 * @param uptimeMs milliseconds since the machine started, the time asleep included
 */
export function suspendAwareClock(
  clock: Clock,
  uptimeMs: () => number = () => uptime() * 1_000,
): ElapsedClock {
  let slept = 0;
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let up = uptimeMs();
  return () => {
    const wallNow = clock.now();
    const monotonicNow = clock.monotonic();
    const awake = monotonicNow - monotonic;
    const gained = wallNow - wall - awake;
    if (Math.abs(gained) > WALL_NOISE_MS || awake > REFERENCE_MS) {
      const upNow = uptimeMs(); // read seldom: it is a file on some systems
      const overslept = upNow - up - awake;
      const seen = gained > WALL_NOISE_MS ? gained : 0;
      slept += overslept > seen + UPTIME_NOISE_MS ? overslept : seen;
      wall = wallNow;
      monotonic = monotonicNow;
      up = upNow;
    }
    return monotonicNow + slept;
  };
}
