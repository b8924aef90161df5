/** What was typed cannot be a command: exit code 2, and nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
