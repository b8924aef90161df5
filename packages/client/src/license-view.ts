import type { ChangePolicy, LicenseFacts } from "./license-facts.ts";

/** What a session acts by, and what it was told since. */
export interface LicenseView {
  /** What it acts by. */
  readonly acting: LicenseFacts;
  /** The newest that it was told. */
  readonly told: LicenseFacts;
  /**
   * Whether any seat-broker has told of the license. What the first one tells is what the
   * application starts with: the certificate may be from long before.
   */
  readonly started: boolean;
}

/** A change that comes into force when the application has ended and starts again. */
export interface PendingChange {
  /** What the session acts by until then. */
  readonly from: LicenseFacts;
  /** What the application will start with. */
  readonly to: LicenseFacts;
  /** Until when (milliseconds since 1970) `from` may be used at most. */
  readonly until: number;
}

/** What is to be done upon what was told. */
export interface HeardChange {
  readonly view: LicenseView;
  /** Whether the session acts by other facts than before. */
  readonly changed: boolean;
  /** What a restart is required for; absent if for nothing new. */
  readonly pending?: PendingChange;
}

/** The view of a session that has heard of no seat-broker yet. */
export function firstView(certificate: LicenseFacts): LicenseView {
  return { acting: certificate, told: certificate, started: false };
}

/** Whether facts that were just told are news: of a newer revision, or of a pool drained or resumed. */
function isNews(told: LicenseFacts, known: LicenseFacts): boolean {
  if (told.revision !== known.revision) return told.revision > known.revision;
  return told.drained !== known.drained;
}

/**
 * Takes in what a seat-broker tells of the license. Where a change asks for a restart, its
 * grants wait for it; whether the license may be used at all, and its pool has anything to
 * give, never waits.
 * @param policy of the license as changed
 */
export function hearLicense(
  view: LicenseView,
  told: LicenseFacts,
  policy: ChangePolicy,
): HeardChange {
  const started = { ...view, started: true };
  if (!isNews(told, view.told)) return { view: started, changed: false };
  if (policy === "live" || !view.started)
    return { view: { acting: told, told, started: true }, changed: true };
  const kept = restrained(view.acting, told);
  if (grantsEqually(kept, told))
    return { view: { acting: told, told, started: true }, changed: true };
  const changed = !sameStanding(kept, view.acting);
  const news = told.revision !== view.told.revision;
  return {
    view: { acting: kept, told, started: true },
    changed,
    ...(news && { pending: { from: kept, to: told, until: kept.endTime } }),
  };
}

/** What a restart is required for; `undefined` if for nothing. */
export function pendingChange({ acting, told }: LicenseView): PendingChange | undefined {
  if (acting.revision === told.revision) return undefined;
  return { from: acting, to: told, until: acting.endTime };
}

/** The facts with what acts at once: the state, the drain, and a term that is shorter. */
function restrained(facts: LicenseFacts, told: LicenseFacts): LicenseFacts {
  return {
    ...facts,
    state: told.state,
    drained: told.drained,
    startTime: Math.max(facts.startTime, told.startTime),
    endTime: Math.min(facts.endTime, told.endTime),
  };
}

function sameStanding(one: LicenseFacts, other: LicenseFacts): boolean {
  return (
    one.state === other.state &&
    one.drained === other.drained &&
    one.startTime === other.startTime &&
    one.endTime === other.endTime
  );
}

/** Whether both grant the same: there is nothing to start again for. */
function grantsEqually(one: LicenseFacts, other: LicenseFacts): boolean {
  return (
    sameStanding(one, other) &&
    one.seats === other.seats &&
    one.features.size === other.features.size &&
    [...one.features].every(
      ([feature, limit]) => other.features.has(feature) && other.features.get(feature) === limit,
    )
  );
}
