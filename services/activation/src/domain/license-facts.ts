/** Whether a license may be used. */
export type LicenseState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** A feature that a license unlocks. */
export interface FeatureGrant {
  readonly feature: string;
  /** How many of the thing; absent for a switch. */
  readonly limit?: bigint;
}

/** What a license grants. Times are in milliseconds since 1970. */
export interface LicenseTerms {
  readonly model: "FLOATING";
  readonly seats: number;
  readonly features: readonly FeatureGrant[];
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  /** How long leases on its seats live. */
  readonly leaseTimes: { readonly validityMs: number; readonly graceMs: number };
}

/** A license as the issuer tells of it. */
export interface LicenseFacts {
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** One more with every change. */
  readonly revision: bigint;
  readonly state: LicenseState;
  /** `products/{product}`. */
  readonly product: string;
  readonly terms: LicenseTerms;
}
