import type { OldReplies, Pause } from "./ports.ts";

/** How often old replies are looked for, in milliseconds, and how many are deleted at a time. */
const EVERY_MS = 60_000;
const AT_A_TIME = 1_000;

/** Deletes replies that are past their time, little by little, until the signal aborts. */
export async function forgetReplies(
  replies: OldReplies,
  pause: Pause,
  failed: (cause: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await replies.prune(AT_A_TIME).catch(failed);
    await pause(EVERY_MS, signal);
  }
}
