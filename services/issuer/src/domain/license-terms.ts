/** How the seats of a license are counted. */
export type LicenseModel = "FLOATING";

/** One feature of the product, unlocked. */
export interface FeatureGrant {
  readonly feature: string;
  /** How many of the thing; absent for a switch. */
  readonly limit?: bigint;
}

/** How long leases live, in milliseconds. */
export interface LeaseTimes {
  readonly validityMs: number;
  readonly graceMs: number;
}

/** What a license grants. Times are milliseconds since 1970. */
export interface LicenseTerms {
  readonly model: LicenseModel;
  readonly seats: number;
  readonly features: readonly FeatureGrant[];
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  readonly leaseTimes: LeaseTimes;
}

/** The terms that an amendment may change, and what they become. */
export type AmendedTerms = Partial<Omit<LicenseTerms, "model">>;

/** Bounds of a pool's size. */
export const SEATS = { min: 1, max: 1_000_000 } as const;
/** Bounds of a counted limit: what a certificate's JSON number carries exactly. */
export const FEATURE_LIMIT = { min: 0n, max: 9_007_199_254_740_991n } as const;
/** How many features a product or a license may have. */
export const FEATURES_MAX = 200;
/** Bounds and default of a lease's validity, in milliseconds. */
export const VALIDITY_MS = { min: 3_000, max: 3_600_000, default: 45_000 } as const;
/** Bounds and default of a lease's grace, in milliseconds. */
export const GRACE_MS = { min: 1_000, max: 60_000, default: 10_000 } as const;

/** How short a term may be, in milliseconds: certificates tell times in whole seconds, begin before end. */
const SHORTEST_TERM_MS = 1_000;

/** A term that breaks a rule which needs more than the one field to be checked. */
export interface TermFault {
  /** Path below the terms, for example `features[2].feature`. */
  readonly path: string;
  readonly description: string;
}

/**
 * What is wrong with terms whose single fields are within their bounds.
 * @param known the codes of the product's features
 */
export function termFaults(terms: LicenseTerms, known: ReadonlySet<string>): readonly TermFault[] {
  const faults: TermFault[] = [];
  if (terms.endTime - terms.startTime < SHORTEST_TERM_MS) {
    faults.push({
      path: "end_time",
      description: "must be after the start time, by a second at least",
    });
  }
  const seen = new Set<string>();
  for (const [index, { feature }] of terms.features.entries()) {
    const path = `features[${index}].feature`;
    if (!known.has(feature)) faults.push({ path, description: "is not a feature of the product" });
    else if (seen.has(feature)) faults.push({ path, description: "stands more than once" });
    seen.add(feature);
  }
  return faults;
}
