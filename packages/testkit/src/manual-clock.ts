import type { Clock } from "@leasehold/kernel";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Lets this many milliseconds pass, on both clocks. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an administrator or a time server does. */
  step(ms: number): void;
}

/**
 * Both clocks move together, by `advance` only; the monotonic one starts at 0.
 * @param start of the wall clock, in milliseconds since 1970.
 */
export function manualClock(start: number = Date.UTC(2030, 0, 1)): ManualClock {
  let wall = start;
  let elapsed = 0;
  return {
    now: () => wall,
    monotonic: () => elapsed,
    advance: (ms) => {
      if (!(ms >= 0)) throw new RangeError(`time does not pass by ${ms} ms`);
      wall += ms;
      elapsed += ms;
    },
    step: (ms) => {
      wall += ms;
    },
  };
}
