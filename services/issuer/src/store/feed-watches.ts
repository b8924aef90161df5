import { listen } from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { FeedWatch } from "../use-cases/ports.ts";

/** The safety net under lost notifications: a watcher looks at least so often. */
const POLL_MS = 1_000;

/** Wakes the watchers of the license feed. One listening session serves all of them. */
export interface FeedWatches extends AsyncDisposable {
  watch(): FeedWatch;
}

/** Listens to the feed's notifications. */
export function feedWatches(postgres: Postgres): FeedWatches {
  const wakes = new Set<() => void>();
  const listener = listen(postgres, "license_feed", () => {
    for (const wake of wakes) wake();
  });
  return {
    watch: () => feedWatch(wakes),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

function feedWatch(wakes: Set<() => void>): FeedWatch {
  let woken = false;
  let resume: () => void = () => undefined;
  // Remembered: a change may be committed while the watcher is busy with earlier ones.
  const wake = (): void => {
    woken = true;
    resume();
  };
  wakes.add(wake);
  return {
    next: async (signal) => {
      if (!woken && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(wake, POLL_MS);
          signal.addEventListener("abort", wake, { once: true });
          resume = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", wake);
            resolve();
          };
        });
      }
      woken = false;
    },
    [Symbol.dispose]: () => {
      wakes.delete(wake);
    },
  };
}
