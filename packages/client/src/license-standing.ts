import { type ClockMark, isOverdue } from "./clock-mark.ts";
import type { LicenseFacts } from "./license-facts.ts";

/**
 * How an installation stands towards its license.
 * - `ok`: nothing is to be done
 * - `refresh-due`: refresh it when there is a connection
 * - `grace`: everything goes on, but not for long: tell whoever runs the application
 * - `limited`: nothing proves any more that the license may be used
 */
export type StandingState = "ok" | "refresh-due" | "grace" | "limited";

/**
 * Why it stands so.
 * - `refresh`: the certificates end at `refreshBy`, or have ended
 * - `clock-behind`: the clock was set back; a server that tells the time puts it right
 * - `license-over`, `license-not-started`, `license-suspended`, `license-revoked`
 */
export type StandingCause =
  | "refresh"
  | "clock-behind"
  | "license-over"
  | "license-not-started"
  | "license-suspended"
  | "license-revoked";

/** How an installation stands, and what the clock has to do with it. */
export interface LicenseStanding {
  readonly state: StandingState;
  /** Absent when `ok`. */
  readonly cause?: StandingCause;
  /**
   * Whether the wall clock is in order: not behind what was seen before. `unknown` is no
   * fault: nothing was remembered, as when the installation is new or its files are lost.
   */
  readonly clock: "in-order" | "behind" | "unknown";
  /** When (milliseconds since 1970) the certificates end. */
  readonly refreshBy: number;
}

/** What the certificates say of their time, in milliseconds since 1970. */
export interface CertifiedTime {
  readonly issuedAt: number;
  readonly refreshBy: number;
}

/** What of a certificate's time passes before a refresh is due, and before it is pressing. */
const DUE_AFTER = 1 / 2;
const PRESSING_AFTER = 3 / 4;

/**
 * How an installation stands at a moment.
 * @param mark as it was observed at that moment; `before` is whether any was known before
 */
export function standingOf(
  facts: LicenseFacts,
  { issuedAt, refreshBy }: CertifiedTime,
  { mark, before, wall }: SeenClock,
): LicenseStanding {
  const behind = mark.behindSince !== undefined;
  // By a clock that is behind the license may be used for a while, and by no other time: which
  // of the two is wrong is not known.
  const now = behind ? wall : mark.seen;
  const clock = behind ? "behind" : before ? "in-order" : "unknown";
  const stands = (state: StandingState, cause: StandingCause) =>
    ({ state, cause, clock, refreshBy }) as const;
  if (facts.state !== "active") return stands("limited", `license-${facts.state}`);
  if (now >= facts.endTime) return stands("limited", "license-over");
  if (now < facts.startTime) return stands("limited", "license-not-started");
  if (isOverdue(mark)) return stands("limited", "clock-behind");
  if (now >= refreshBy) return stands("limited", "refresh");
  if (behind) return stands("grace", "clock-behind");
  const age = (now - issuedAt) / (refreshBy - issuedAt);
  if (age >= PRESSING_AFTER) return stands("grace", "refresh");
  if (age >= DUE_AFTER) return stands("refresh-due", "refresh");
  return { state: "ok", clock, refreshBy };
}

/** A look at the clock. */
export interface SeenClock {
  readonly mark: ClockMark;
  /** Whether a mark was known from before. */
  readonly before: boolean;
  /** The wall clock, in milliseconds since 1970. */
  readonly wall: number;
}
