import { isUuid, parseName, type Uuid } from "@leasehold/kernel";
import type { SeatPolicy } from "./seat-policy.ts";
import type { VersionRules } from "./version-rules.ts";

/** Whether a license may be used, its term aside. */
export type LicenseState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** One feature that a license unlocks. */
export interface FeatureGrant {
  readonly feature: string;
  /** For a counted limit: how many of the thing. */
  readonly limit?: bigint | undefined;
  /** How many seats may use it at a time; every seat may if absent. */
  readonly seats?: number | undefined;
}

/** How the seats of a license are counted. */
export const LICENSE_MODELS = ["FLOATING", "NAMED_MACHINE", "NAMED_USER", "RESOURCE"] as const;

/** How a change of a license reaches those who work under it. */
export const CHANGE_POLICIES = ["LIVE", "RESTART_REQUIRED"] as const;

export type ChangePolicy = (typeof CHANGE_POLICIES)[number];

/** What a license grants. Times in milliseconds since 1970, durations in milliseconds. */
export interface Terms {
  /** Whatever it is, at most `seats` are live. */
  readonly model: (typeof LICENSE_MODELS)[number];
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
  readonly policy: SeatPolicy;
  readonly changePolicy: ChangePolicy;
  readonly versions: VersionRules;
}

/** The seats of one license, and what is known of it. */
export interface Pool {
  readonly license: Uuid;
  /** `customers/{customer}/licenses/{license}`. */
  readonly name: string;
  /** Every change makes a greater one. */
  readonly revision: bigint;
  /** The revision of the product that `terms.versions` are of; 0 if it told none. */
  readonly productRevision: bigint;
  readonly state: LicenseState;
  readonly terms: Terms;
}

/** Whether anybody new is admitted to a pool. */
export interface Drain {
  readonly drained: boolean;
  /** How often it was drained or resumed: the greater one is the newer. */
  readonly revision: bigint;
}

/** A pool as it is, with what administrators made of it. */
export interface PoolInForce extends Pool {
  readonly drain: Drain;
}

/** Whether what is known of a license is newer: of a later revision, or of a later one of its product. */
export function isNewer(
  { revision, productRevision }: Pool,
  than: Pick<Pool, "revision" | "productRevision">,
): boolean {
  if (revision !== than.revision) return revision > than.revision;
  return productRevision > than.productRevision;
}

/** The license that a name `customers/{customer}/licenses/{license}` tells; `undefined` if it is no such name. */
export function licenseOfName(name: string): Uuid | undefined {
  const license = parseName("customers/{customer}/licenses/{license}", name)?.license;
  return license !== undefined && isUuid(license) ? license : undefined;
}
