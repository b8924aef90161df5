/** So many causes of causes are told. */
const DEEPEST = 5;

/**
 * What went wrong in one line, for whoever starts a service: the messages of an error and of its causes, the outermost
 * first, each once.
 */
export function why(thrown: unknown): string {
  const messages: string[] = [];
  let cause = thrown;
  for (let depth = 0; depth < DEEPEST && cause !== undefined; depth += 1) {
    const message = messageOf(cause);
    if (message !== "" && !messages.some((told) => told.includes(message))) messages.push(message);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return messages.join(": ").replaceAll(/\s+/g, " ").trim();
}

/** Of an attempt at several addresses, what became of each. */
function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message === "" && thrown instanceof AggregateError)
    return [...new Set(thrown.errors.map(messageOf))].join(", ");
  return thrown.message;
}
