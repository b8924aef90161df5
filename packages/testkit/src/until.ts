import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until there is an answer.
 * @param what is waited for, for the error when the limit (in milliseconds) has passed.
 * @param probe gives `undefined` for "not yet"; what it throws ends the waiting.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(20);
  }
}
