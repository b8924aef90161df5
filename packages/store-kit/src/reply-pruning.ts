import type { Postgres } from "./postgres.ts";
import { pruneReplies } from "./request-replies.ts";

const AT_A_TIME = 1_000;

/**
 * Deletes replies past their 72 hours, now and then, until it is disposed of.
 * @param everyMs how long to wait in between; a minute if absent
 */
export function replyPruning(
  postgres: Postgres,
  onFailure: (error: unknown) => void,
  everyMs = 60_000,
): AsyncDisposable {
  let pruning: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    pruning = pruning.then(() => pruneReplies(postgres, AT_A_TIME)).catch(onFailure);
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await pruning;
    },
  };
}
