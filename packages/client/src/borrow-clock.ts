import type { Clock } from "@leasehold/kernel";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/**
 * The server's time as far as a holder of a borrowed seat can tell without a connection,
 * in milliseconds since 1970. Never steps back. Never behind the server's own time while
 * this machine's wall clock is not set back.
 */
export type BorrowClock = () => number;

/** What is remembered of time from one process to the next. */
export interface RememberedTime {
  /** How far this machine's wall clock was behind the server's when the seat was borrowed; 0 if ahead. */
  readonly behindMs: number;
  /** The latest time that any process counted. */
  readonly seen: number;
}

/** A token tells whole seconds, cut off. */
const TOKEN_PRECISION_MS = 1_000;

/**
 * The clock of a seat that was just borrowed. The server signed after the request was sent:
 * counted from then, this clock is ahead of the server's, by the time of the call at most.
 * @param sentAt by the elapsed clock, read before the request was written
 */
export function clockSinceBorrowed(
  elapsed: ElapsedClock,
  { issuedAt, sentAt }: { readonly issuedAt: number; readonly sentAt: number },
): BorrowClock {
  return () => issuedAt + TOKEN_PRECISION_MS + elapsed() - sentAt;
}

/**
 * The clock of a seat that an earlier process borrowed. It starts from the wall clock, and
 * from no earlier than what was counted before: a wall clock that was set back in between
 * stands still, and whatever time this process runs counts.
 */
export function clockAfterRestart(
  { clock, elapsed }: { readonly clock: Pick<Clock, "now">; readonly elapsed: ElapsedClock },
  { behindMs, seen }: RememberedTime,
): BorrowClock {
  const startedAt = elapsed();
  const start = Math.max(seen, clock.now() + behindMs);
  return () => start + elapsed() - startedAt;
}
