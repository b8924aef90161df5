import type { VersionRange } from "@leasehold/license-format";
import type { InstallationPolicy } from "./installation-policy.ts";
import { installationPolicyFaults } from "./installation-policy.ts";
import type { FeatureKind, FeatureKinds } from "./product.ts";
import { reservedSeats } from "./seat-policy.ts";
import type { SeatPolicy } from "./seat-policy.ts";
import { seatPolicyFaults } from "./seat-policy-faults.ts";
import type { TermFault } from "./term-fault.ts";

/** How the seats of a license are counted. */
export type LicenseModel = "FLOATING" | "NAMED_MACHINE" | "NAMED_USER" | "RESOURCE";

/** How a change of a license reaches those who work under it. */
export type ChangePolicy = "LIVE" | "RESTART_REQUIRED";

/** One feature of the product, unlocked. */
export interface FeatureGrant {
  readonly feature: string;
  /** How many of the thing; absent for a switch. */
  readonly limit?: bigint;
  /** How many seats may use it at a time; absent if every seat may. */
  readonly seats?: number;
}

/** How long leases live, in milliseconds. */
export interface LeaseTimes {
  readonly validityMs: number;
  readonly graceMs: number;
}

/** What a license grants. Times are milliseconds since 1970. */
export interface LicenseTerms {
  readonly model: LicenseModel;
  /** Whether it was given to be tried. */
  readonly trial: boolean;
  readonly seats: number;
  readonly features: readonly FeatureGrant[];
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  /** Until when new versions are included, exclusive; until the end if absent. */
  readonly maintenanceEndTime?: number | undefined;
  /** Which versions of the product it is for; every one if absent. */
  readonly versions?: VersionRange | undefined;
  readonly leaseTimes: LeaseTimes;
  readonly changePolicy: ChangePolicy;
  readonly seatPolicy: SeatPolicy;
  readonly installationPolicy: InstallationPolicy;
  /** With the model RESOURCE: how many resources may be bound to it; any number if absent. */
  readonly resources?: number | undefined;
}

/** The terms that an amendment may change, and what they become. */
export type AmendedTerms = Partial<Omit<LicenseTerms, "model" | "trial">>;

/** Bounds of a pool's size. */
export const SEATS = { min: 1, max: 1_000_000 } as const;
/** Bounds of how many resources may be bound; 0 on the wire: any number. */
export const RESOURCES = { min: 0, max: 1_000_000 } as const;
/** Bounds of a counted limit: what a certificate's JSON number carries exactly. */
export const FEATURE_LIMIT = { min: 0n, max: 9_007_199_254_740_991n } as const;
/** Bounds of how many seats may use a feature. */
export const FEATURE_SEATS = { min: 0, max: 1_000_000 } as const;
/** How many features a product or a license may have. */
export const FEATURES_MAX = 200;
/** Bounds and default of a lease's validity, in milliseconds. */
export const VALIDITY_MS = { min: 3_000, max: 3_600_000, default: 45_000 } as const;
/** Bounds and default of a lease's grace, in milliseconds. */
export const GRACE_MS = { min: 1_000, max: 60_000, default: 10_000 } as const;

/** How short a term may be, in milliseconds: certificates tell times in whole seconds, begin before end. */
const SHORTEST_TERM_MS = 1_000;
/** The last instant that the contract has a word for. */
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * What is wrong with terms whose single fields are within their bounds.
 * @param known the product's features
 * @param amended the terms that the caller gave: seats that are too few for the groups are
 *   told of by the policy if that is among them, by the seats otherwise
 */
export function termFaults(
  terms: LicenseTerms,
  known: FeatureKinds,
  amended: AmendedTerms = terms,
): readonly TermFault[] {
  return [
    ...timeFaults(terms),
    ...featureFaults(terms, known),
    ...seatFaults(terms, amended),
    ...installationPolicyFaults(terms.installationPolicy),
    ...resourceFaults(terms),
  ];
}

function resourceFaults({ model, resources }: LicenseTerms): readonly TermFault[] {
  if (resources === undefined || model === "RESOURCE") return [];
  return [
    { path: "resources", description: "must not be given: no resources are bound by this model" },
  ];
}

function timeFaults(terms: LicenseTerms): readonly TermFault[] {
  const { startTime, endTime, maintenanceEndTime } = terms;
  const faults: TermFault[] = [];
  const fault = (path: string, description: string) => faults.push({ path, description });
  if (endTime > LATEST_MS) fault("end_time", "must not be after the year 9999");
  else if (endTime - startTime < SHORTEST_TERM_MS)
    fault("end_time", "must be after the start time, by a second at least");
  if (maintenanceEndTime === undefined) return faults;
  if (maintenanceEndTime > LATEST_MS)
    fault("maintenance_end_time", "must not be after the year 9999");
  else if (maintenanceEndTime < startTime)
    fault("maintenance_end_time", "must not be before the start time");
  return faults;
}

function featureFaults({ features }: LicenseTerms, known: FeatureKinds): readonly TermFault[] {
  const faults: TermFault[] = [];
  const seen = new Set<string>();
  for (const [index, { feature, limit }] of features.entries()) {
    const path = `features[${index}].feature`;
    const kind = known.get(feature);
    if (!kind) faults.push({ path, description: "is not a feature of the product" });
    else if (seen.has(feature)) faults.push({ path, description: "stands more than once" });
    const description = kind && limitFault(kind, limit);
    if (description) faults.push({ path: `features[${index}].limit`, description });
    seen.add(feature);
  }
  return faults;
}

function limitFault(kind: FeatureKind, limit: bigint | undefined): string | undefined {
  if (kind === "SWITCH" && limit !== undefined)
    return "must not be given: the feature is on or off";
  if (kind === "COUNTED" && limit === undefined) return "must be given: the feature is counted";
  return undefined;
}

function seatFaults(
  { seats, seatPolicy }: LicenseTerms,
  amended: AmendedTerms,
): readonly TermFault[] {
  if (amended.seatPolicy) return seatPolicyFaults(seatPolicy, seats);
  const reserved = reservedSeats(seatPolicy);
  if (reserved <= seats) return [];
  return [{ path: "seats", description: `must be at least the ${reserved} that groups keep` }];
}
