/** What is known of a license, from its certificate at first and from the cluster later. */
export interface LicenseFacts {
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** Grows with every change. */
  readonly revision: bigint;
  readonly state: "active" | "suspended" | "revoked";
  /** Whether its pool is drained: no seat is granted until an administrator resumes it. */
  readonly drained: boolean;
  /** How many seats may be live at a time. */
  readonly seats: number;
  /** The unlocked features by code; the value is the limit of a counted one. */
  readonly features: ReadonlyMap<string, bigint | undefined>;
  /** First millisecond (since 1970) of the license. */
  readonly startTime: number;
  /** First millisecond (since 1970) after the license. */
  readonly endTime: number;
}

/** How a change of a license reaches an application: at once, or when it has ended and starts again. */
export type ChangePolicy = "live" | "restart-required";

/** Whether the license may be used at this wall-clock time (milliseconds since 1970). */
export function isUsable(facts: LicenseFacts, now: number): boolean {
  return facts.state === "active" && facts.startTime <= now && now < facts.endTime;
}

/** Whether the feature is unlocked at this wall-clock time. */
export function hasFeature(facts: LicenseFacts, feature: string, now: number): boolean {
  return isUsable(facts, now) && facts.features.has(feature);
}

/**
 * How many of a counted feature's things are allowed at this wall-clock time: `0n` where
 * the feature is not unlocked, `undefined` where it is unlocked without a limit.
 */
export function featureLimit(
  facts: LicenseFacts,
  feature: string,
  now: number,
): bigint | undefined {
  return hasFeature(facts, feature, now) ? facts.features.get(feature) : 0n;
}
