/** What an agent writes down, a line of JSON each. Times by `hostNow`; turns number its acquires. */
export type LogEntry =
  /** An acquire is about to be sent. */
  | { readonly kind: "asked"; readonly at: number; readonly turn: number }
  /** It was told its place in the queue. */
  | { readonly kind: "queued"; readonly at: number; readonly turn: number }
  | {
      readonly kind: "refused";
      readonly at: number;
      readonly turn: number;
      readonly reason: string;
    }
  | { readonly kind: "granted"; readonly at: number; readonly turn: number; readonly fence: string }
  /** The seat was last seen to be held `at`. */
  | { readonly kind: "over"; readonly at: number; readonly turn: number }
  | { readonly kind: "lost"; readonly at: number; readonly turn: number; readonly cause: string }
  /** Its event loop stood still. */
  | { readonly kind: "stalled"; readonly at: number; readonly since: number };

/** The file beside an agent's log that tells, as one number, when it looked at its seats last. */
export function lastLookFile(logFile: string): string {
  return `${logFile}.look`;
}
