/**
 * How far time has certainly come, as an installation remembers it from process to process.
 * Times are in milliseconds since 1970. Only the word of a server sets it back.
 */
export interface ClockMark {
  /** The latest time that was seen or counted. */
  readonly seen: number;
  /** What `seen` was when the wall clock was found behind; absent while it is not. */
  readonly behindSince?: number;
}

/** What is seen of time at one moment. */
export interface ClockSight {
  /** The wall clock. */
  readonly wall: number;
  /** How long this process has run since the mark was made or read, in milliseconds. */
  readonly passedMs: number;
}

/** What a wall clock may be behind for no reason: it is set by people and time servers. */
export const CLOCK_TOLERANCE_MS = 600_000;
/** For how long an installation goes on by a clock that is behind; counted while it runs. */
export const BEHIND_ALLOWANCE_MS = 3 * 86_400_000;

/** The mark after a look at the clock. The first look is believed: nothing is known yet. */
export function observe(mark: ClockMark | undefined, { wall, passedMs }: ClockSight): ClockMark {
  if (mark === undefined) return { seen: wall };
  const seen = mark.seen + Math.max(0, passedMs);
  if (wall >= seen - CLOCK_TOLERANCE_MS) return { seen: Math.max(seen, wall) };
  return { seen, behindSince: mark.behindSince ?? mark.seen };
}

/** The mark once a server has told the time, whatever was believed before. */
export function trustTime(serverTime: number): ClockMark {
  return { seen: serverTime };
}

/** Whether the clock has been behind for as long as it may. */
export function isOverdue({ seen, behindSince }: ClockMark): boolean {
  return behindSince !== undefined && seen - behindSince >= BEHIND_ALLOWANCE_MS;
}
