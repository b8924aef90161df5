import type { Duration } from "./gen/google/protobuf/duration.ts";

/** A `google.protobuf.Duration` of so many milliseconds; fractions below a nanosecond are dropped. */
export function durationFromMs(ms: number): Duration {
  const seconds = Math.trunc(ms / 1000);
  return { seconds: BigInt(seconds), nanos: Math.trunc((ms - seconds * 1000) * 1e6) };
}

/** Milliseconds of a `google.protobuf.Duration`. */
export function msFromDuration(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}
