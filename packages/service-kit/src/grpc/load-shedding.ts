import { monitorEventLoopDelay } from "node:perf_hooks";
import type { CallClass } from "./rule-words.ts";

/** How late the event loop is, in milliseconds: for two seconds at least it was no less. */
export type LoopDelay = () => number;

/** A loop that is as late as this takes no call of the class, in milliseconds. */
const SHED_AT_MS: Readonly<Partial<Record<CallClass, number>>> = {
  PORTAL: 200,
  UNLOCK: 400,
  // The seat-broker's own gate slows down at less than half of this; here is only where refusing well would take too long.
  LEASE: 600,
};

/** Whether a call of this class is refused so that those behind it are answered. */
export function isShed(callClass: CallClass, delayMs: number): boolean {
  return delayMs >= (SHED_AT_MS[callClass] ?? Number.POSITIVE_INFINITY);
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 1_000;

/**
 * Measures the delay, in the runtime itself: by the median of a second, of two seconds the better
 * one, so that neither a single pause nor a short crowd counts as load.
 */
export function measureLoopDelay(): { readonly delay: LoopDelay } & Disposable {
  const seen = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  seen.enable();
  let before = 0;
  let last = 0;
  const timer = setInterval(() => {
    before = last;
    if (seen.count > 0) last = Math.max(0, seen.percentile(50) / 1e6 - RESOLUTION_MS);
    seen.reset();
  }, WINDOW_MS).unref();
  return {
    delay: () => Math.min(before, last),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      seen.disable();
    },
  };
}
