/** Where code that depends on time gets it from. Tests pass one that they move. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970. May step; never measures a duration. */
  now(): number;
  /** Milliseconds since some instant of this process. Never steps back. */
  monotonic(): number;
}

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
