import { monitorEventLoopDelay } from "node:perf_hooks";
import type { CallClass } from "./rule-words.ts";

/** How late the event loop is, in milliseconds, over the last second or so. */
export type LoopDelay = () => number;

/** A loop that is as late as this takes no call of the class, in milliseconds. */
const SHED_AT_MS: Readonly<Partial<Record<CallClass, number>>> = {
  PORTAL: 100,
  UNLOCK: 200,
  // The seat-broker's own gate slows down at half of this; here is only where refusing well would take too long.
  LEASE: 500,
};

/** Whether a call of this class is refused so that those behind it are answered. */
export function isShed(callClass: CallClass, delayMs: number): boolean {
  return delayMs >= (SHED_AT_MS[callClass] ?? Number.POSITIVE_INFINITY);
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 1_000;

/** Measures the delay, in the runtime itself. Half of what was seen in a second was later than what it tells. */
export function measureLoopDelay(): { readonly delay: LoopDelay } & Disposable {
  const seen = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  seen.enable();
  let delayMs = 0;
  const timer = setInterval(() => {
    // A loop that was never free within the second has been seen only a few times: all the same.
    if (seen.count > 0) delayMs = Math.max(0, seen.percentile(50) / 1e6 - RESOLUTION_MS);
    seen.reset();
  }, WINDOW_MS).unref();
  return {
    delay: () => delayMs,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      seen.disable();
    },
  };
}
