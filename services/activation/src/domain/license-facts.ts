/** Whether a license may be used. */
export type LicenseState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** A feature that a license unlocks. */
export interface FeatureGrant {
  readonly feature: string;
  /** How many of the thing; absent for a switch. */
  readonly limit?: bigint;
  /** How many seats may use it at a time; absent if every seat may. */
  readonly seats?: number;
}

/** What a license grants. Times are in milliseconds since 1970. */
export interface LicenseTerms {
  readonly model: "FLOATING" | "NAMED_MACHINE" | "NAMED_USER" | "RESOURCE";
  readonly seats: number;
  readonly features: readonly FeatureGrant[];
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  /** How long leases on its seats live. */
  readonly leaseTimes: { readonly validityMs: number; readonly graceMs: number };
  /**
   * Who may have its seats, and how: the issuer's words, which are passed on and not read.
   * Empty if it says nothing.
   */
  readonly seatPolicy: Uint8Array;
  /** Further terms, likewise: the contract's LicenseTerms with those alone. Empty if it tells none. */
  readonly passedTerms: Uint8Array;
}

/** What the product of a license tells whoever works under it. */
export interface ProductFacts {
  /** One more with every change of the product. */
  readonly revision: bigint;
  /** Which versions go together: the issuer's words, which are passed on and not read. */
  readonly versionPolicy: Uint8Array;
}

/** A license as the issuer tells of it; or what it is to those who use a resource of it. */
export interface LicenseFacts {
  /** `customers/{customer}/licenses/{license}`. Of a resource that is bound to none any more: empty. */
  readonly license: string;
  /** `customers/{customer}/resources/{resource}`; absent for a license itself. */
  readonly resource?: string;
  /** One more with every change. Of a resource: greater with every change of its pool. */
  readonly revision: bigint;
  readonly state: LicenseState;
  /** `products/{product}`. */
  readonly product: string;
  readonly terms: LicenseTerms;
  /** Absent where the issuer tells nothing of it. */
  readonly productFacts?: ProductFacts;
}
