/** How many causes of causes are told. */
const DEEPEST = 4;

/**
 * What a log entry tells of an error: its kind, text and stack, and those of its causes.
 * Drivers hang rows, parameters and addresses on their errors; those are left out.
 */
export function errorFacts(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown) };
  const { code, reason } = thrown as { readonly code?: unknown; readonly reason?: unknown };
  return {
    type: thrown.name,
    message: thrown.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
    stack: thrown.stack,
    ...(thrown.cause === undefined || depth === DEEPEST
      ? {}
      : { cause: errorFacts(thrown.cause, depth + 1) }),
  };
}
