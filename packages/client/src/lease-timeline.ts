/**
 * When a holder does what about one lease. Pure: every instant is given, in milliseconds
 * of the holder's own clock (`suspend-aware-clock.ts`).
 *
 * With C the validity that the server granted, counted from the instant read **before**
 * the request was written: a heartbeat is due at C/4, repeated after 1, 2, 4, 4 … s at
 * C = 45 s (scaled to C); at C/2 another seat-broker is tried; at 3C/4 the application is
 * warned, and yet another seat-broker tried; at C the seat is lost and never comes back.
 */
export interface LeaseTimeline {
  /** When the request was sent whose answer counts. */
  readonly sentAt: number;
  /** C. */
  readonly validityMs: number;
  /** How long after `sentAt` the first heartbeat is due, at most C/4. */
  readonly heartbeatMs: number;
  /** When the next heartbeat is due. */
  readonly beatAt: number;
  /** How many heartbeats went out since `sentAt`. */
  readonly beats: number;
  /** The last mark that was passed. */
  readonly passed: Mark;
}

/** What the server promised, and when it was asked. */
export interface Promised {
  readonly sentAt: number;
  readonly validityMs: number;
  readonly heartbeatMs?: number;
}

/** What is due: send a heartbeat, try another seat-broker, warn, or stop for good. */
export type LeaseStep = "beat" | "switch" | "jeopardy" | "lost";

type Mark = "none" | "half" | "three-quarters" | "end";

/** The validity that the retry steps of 1, 2 and 4 seconds are meant for. */
const NOMINAL_VALIDITY_MS = 45_000;
const RETRY_STEPS_MS = [1_000, 2_000, 4_000] as const;

/** A duration meant for C = 45 s, scaled to this C. */
export function scaled(nominalMs: number, validityMs: number): number {
  return (nominalMs * validityMs) / NOMINAL_VALIDITY_MS;
}

/** The instant from which the lease is not held any more. */
export function deadlineOf(timeline: LeaseTimeline): number {
  return timeline.sentAt + timeline.validityMs;
}

/**
 * The timeline of a lease that was just granted.
 * @param jitter 0 to 1: puts the heartbeat within ± 10 % of its due time
 * @returns `undefined` if the answer came too late to rely on
 */
export function begin(promised: Promised, now: number, jitter: number): LeaseTimeline | undefined {
  const { sentAt, validityMs } = promised;
  if (!(now < sentAt + validityMs)) return undefined;
  const quarter = validityMs / 4;
  const asked = promised.heartbeatMs ?? 0;
  const heartbeatMs = asked > 0 ? Math.min(asked, quarter) : quarter;
  const beatAt = sentAt + heartbeatMs * (0.9 + 0.2 * jitter);
  return { sentAt, validityMs, heartbeatMs, beatAt, beats: 0, passed: "none" };
}

/**
 * The timeline after a heartbeat was answered with a new validity. An answer that is older
 * than one that counts already, or too late to rely on, changes nothing; and a lease past
 * its deadline stays lost.
 */
export function renew(
  timeline: LeaseTimeline,
  promised: Promised,
  now: number,
  jitter: number,
): LeaseTimeline {
  if (!held(timeline, now) || promised.sentAt <= timeline.sentAt) return timeline;
  return begin({ heartbeatMs: timeline.heartbeatMs, ...promised }, now, jitter) ?? timeline;
}

/** Whether the holder may rely on the seat. */
export function held(timeline: LeaseTimeline, now: number): boolean {
  return timeline.passed !== "end" && now < deadlineOf(timeline);
}

/** The earliest instant at which something is due; never, once the lease is lost. */
export function dueAt(timeline: LeaseTimeline): number {
  const { sentAt, validityMs, beatAt, passed } = timeline;
  if (passed === "end") return Number.POSITIVE_INFINITY;
  const share = { none: 0.5, half: 0.75, "three-quarters": 1 }[passed];
  return Math.min(beatAt, sentAt + validityMs * share);
}

/** What is due now, in the order in which to do it, and the timeline once it is done. */
export function advance(
  timeline: LeaseTimeline,
  now: number,
): { readonly timeline: LeaseTimeline; readonly steps: readonly LeaseStep[] } {
  if (timeline.passed === "end") return { timeline, steps: [] };
  if (!held(timeline, now)) return { timeline: { ...timeline, passed: "end" }, steps: ["lost"] };
  const steps: LeaseStep[] = [];
  const passed = markAt(timeline, now);
  if (passed !== timeline.passed) {
    if (passed === "three-quarters") steps.push("jeopardy");
    steps.push("switch");
  }
  if (now < timeline.beatAt) return { timeline: { ...timeline, passed }, steps };
  steps.push("beat");
  return { timeline: afterBeat({ ...timeline, passed }, now), steps };
}

/** The timeline with a heartbeat due at once, as after a new stream has opened. */
export function hasten(timeline: LeaseTimeline, now: number): LeaseTimeline {
  return timeline.passed === "end" ? timeline : { ...timeline, beatAt: now };
}

function afterBeat(timeline: LeaseTimeline, now: number): LeaseTimeline {
  const step = RETRY_STEPS_MS[timeline.beats] ?? RETRY_STEPS_MS[2];
  return {
    ...timeline,
    beats: timeline.beats + 1,
    beatAt: now + scaled(step, timeline.validityMs),
  };
}

function markAt({ sentAt, validityMs, passed }: LeaseTimeline, now: number): Mark {
  // The same sums as in `dueAt`, so that rounding cannot make something due that is not yet passed.
  if (now >= sentAt + validityMs * 0.75) return "three-quarters";
  return now >= sentAt + validityMs * 0.5 ? "half" : passed;
}
