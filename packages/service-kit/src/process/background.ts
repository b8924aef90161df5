import { setTimeout as wait } from "node:timers/promises";

/** Does some work until the stack is let go, which waits for the work to end. */
export function inBackground(
  stack: AsyncDisposableStack,
  work: (signal: AbortSignal) => Promise<void>,
): void {
  const control = new AbortController();
  const done = work(control.signal);
  stack.defer(async () => {
    control.abort();
    await done;
  });
}

/** Resolves after so many milliseconds, or at once when the signal fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
