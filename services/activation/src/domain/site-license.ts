import type { Licensee, LicenseTermsClaims } from "@leasehold/license-format";
import type { LicenseState, LicenseTerms } from "./license-facts.ts";

/** What the vendor told of the license that a site works under. */
export interface SiteLicense {
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** `products/{product}`. */
  readonly product: string;
  readonly licensee: Licensee;
  readonly state: LicenseState;
  /** As the vendor has them, save that they allow no seat beyond the license's. */
  readonly terms: LicenseTerms;
  /** For how many days the license lets a seat be borrowed; 0: not at all, and no site. */
  readonly offlineDays: number;
  /** What the license's certificate says that the terms above do not tell. */
  readonly certified: Pick<
    LicenseTermsClaims,
    "trial" | "maintenanceEndTime" | "versions" | "virtualMachines"
  >;
}

/** Features whose seats the license limits, and how many there are. */
export function limitedFeatures({ features }: LicenseTerms): ReadonlyMap<string, number> {
  return new Map(
    features.flatMap(({ feature, seats }) => (seats === undefined ? [] : [[feature, seats]])),
  );
}
