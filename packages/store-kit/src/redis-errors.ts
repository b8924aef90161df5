/** Answers of Redis that tell of its state, not of the command; none of them ran anything. */
const TRANSIENT =
  /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS|MISCONF|OOM|BUSY|MOVED|ASK)\b/;

/** Answers of a cluster in which slots change owners: over in milliseconds, or in seconds. */
const SOON_OVER = /^(TRYAGAIN|CLUSTERDOWN)\b/;

/** Whether an error is an answer of Redis, as against one of the connection. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** Whether Redis does not know the script of an EVALSHA: it did not run. */
export function isUnknownScript(error: unknown): boolean {
  return isReply(error) && error.message.startsWith("NOSCRIPT");
}

/** Whether a command that was answered like this may be repeated at the same place. */
export function isSoonOver(message: string): boolean {
  return SOON_OVER.test(message);
}

/** Whether Redis, or the way to it, is to blame, not the command. */
export function isRedisUnavailable(error: unknown): boolean {
  if (isReply(error)) return TRANSIENT.test(error.message);
  return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
}
