import { pruneReplies } from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";

const EVERY_MS = 10 * 60_000;
const AT_A_TIME = 1_000;

/** Deletes replies past their 72 hours, now and then, until it is disposed of. */
export function replyPruning(
  postgres: Postgres,
  onFailure: (error: unknown) => void,
): AsyncDisposable {
  let pruning: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    pruning = pruneReplies(postgres, AT_A_TIME).catch(onFailure);
  }, EVERY_MS);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await pruning;
    },
  };
}
