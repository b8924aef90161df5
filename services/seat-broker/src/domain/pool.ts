import { isUuid, parseName, type Uuid } from "@leasehold/kernel";

/** Whether a license may be used, its term aside. */
export type LicenseState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** One feature that a license unlocks; with a limit, how many of the thing. */
export interface FeatureGrant {
  readonly feature: string;
  readonly limit?: bigint | undefined;
}

/** What a license grants. Times in milliseconds since 1970, durations in milliseconds. */
export interface Terms {
  readonly model: "FLOATING";
  /** How many seats may be live at a time. */
  readonly seats: number;
  readonly features: readonly FeatureGrant[];
  /** Inclusive. */
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
  /** How long a holder may rely on its seat after it sent the last heartbeat that was answered. */
  readonly validityMs: number;
  /** How much longer the server keeps the seat. */
  readonly graceMs: number;
}

/** The seats of one license, and what is known of it. */
export interface Pool {
  readonly license: Uuid;
  /** `customers/{customer}/licenses/{license}`. */
  readonly name: string;
  /** Every change makes a greater one. */
  readonly revision: bigint;
  readonly state: LicenseState;
  readonly terms: Terms;
}

/** The license that a name `customers/{customer}/licenses/{license}` tells; `undefined` if it is no such name. */
export function licenseOfName(name: string): Uuid | undefined {
  const license = parseName("customers/{customer}/licenses/{license}", name)?.license;
  return license !== undefined && isUuid(license) ? license : undefined;
}
