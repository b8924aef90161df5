import { listen } from "./listen.ts";
import type { Postgres } from "./postgres.ts";

/** Waits for news on a channel, for one reader. */
export interface ChannelWatch extends Disposable {
  /**
   * Resolves upon news since the last call (at once if they came in between), when it is
   * time to look anyway, or when the signal aborts.
   */
  next(signal: AbortSignal): Promise<void>;
}

/** Wakes any number of readers of a channel; one listening session serves all of them. */
export interface ChannelWatches extends AsyncDisposable {
  watch(): ChannelWatch;
}

/**
 * Listens to the notifications of a channel.
 * @param pollMs how often a reader looks without being notified: the safety net under lost
 *   notifications
 */
export function channelWatches(
  postgres: Postgres,
  channel: string,
  pollMs: number,
): ChannelWatches {
  const wakes = new Set<() => void>();
  const listener = listen(postgres, channel, () => {
    for (const wake of wakes) wake();
  });
  return {
    watch: () => watch(wakes, pollMs),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

function watch(wakes: Set<() => void>, pollMs: number): ChannelWatch {
  // Remembered: news may come while the reader is busy with what came before.
  let news = false;
  let resume: (() => void) | undefined;
  const wake = () => {
    news = true;
    resume?.();
  };
  wakes.add(wake);
  return {
    async next(signal) {
      if (!news && !signal.aborted) {
        const woken = Promise.withResolvers<void>();
        const wakeUp = () => woken.resolve();
        resume = wakeUp;
        const timer = setTimeout(wakeUp, pollMs);
        signal.addEventListener("abort", wakeUp, { once: true });
        await woken.promise;
        clearTimeout(timer);
        signal.removeEventListener("abort", wakeUp);
        resume = undefined;
      }
      news = false;
    },
    [Symbol.dispose]: () => {
      wakes.delete(wake);
    },
  };
}
