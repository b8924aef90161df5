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
  /** Of the model NAMED_USER: who may have its seats; nobody if absent. */
  readonly naming?: Naming;
  readonly changePolicy: ChangePolicy;
  readonly versions: VersionRules;
}

/** The users that a license names. */
export interface Naming {
  /** How often they changed; 0 if none was ever named. */
  readonly revision: bigint;
  readonly users: ReadonlySet<string>;
}

/** The seats of one license, or of a resource that is or was bound to one, and what is known of it. */
export interface Pool {
  /** The pool's id: the license's, or the resource's. */
  readonly license: Uuid;
  /** `customers/{customer}/licenses/{license}` or `customers/{customer}/resources/{resource}`. */
  readonly name: string;
  /**
   * Of a resource: the name of the license that it is bound to; empty: of none. Absent for the pool
   * of a license itself.
   */
  readonly boundTo?: string;
  /** Every change makes a greater one. */
  readonly revision: bigint;
  /** The revision of the product that `terms.versions` are of; 0 if it told none. */
  readonly productRevision: bigint;
  readonly state: LicenseState;
  readonly terms: Terms;
}

/**
 * Which of two states of a license is the newer: that of the greater revision; of as great a one that whose
 * named users changed more often; then that of the greater revision of the product. None of them ever falls.
 */
export interface TermsVersion {
  readonly revision: bigint;
  /** Absent, as if 0: no user was ever named. */
  readonly namingRevision?: bigint;
  /** Absent, as if 0: the product told nothing. */
  readonly productRevision?: bigint;
}

/** Which terms of its license a pool has. */
export function versionOf({
  revision,
  productRevision,
  terms,
}: Pick<Pool, "revision" | "productRevision" | "terms">): TermsVersion {
  const namingRevision = terms.naming?.revision ?? 0n;
  return {
    revision,
    ...(namingRevision === 0n ? {} : { namingRevision }),
    ...(productRevision === 0n ? {} : { productRevision }),
  };
}

/** Whether one version is newer than another. */
export function isNewer(one: TermsVersion, other: TermsVersion): boolean {
  if (one.revision !== other.revision) return one.revision > other.revision;
  const [naming, otherNaming] = [one.namingRevision ?? 0n, other.namingRevision ?? 0n];
  if (naming !== otherNaming) return naming > otherNaming;
  return (one.productRevision ?? 0n) > (other.productRevision ?? 0n);
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

/** The license that a name `customers/{customer}/licenses/{license}` tells; `undefined` if it is no such name. */
export function licenseOfName(name: string): Uuid | undefined {
  const license = parseName("customers/{customer}/licenses/{license}", name)?.license;
  return license !== undefined && isUuid(license) ? license : undefined;
}

/** The resource that a name `customers/{customer}/resources/{resource}` tells; `undefined` if it is no such name. */
export function resourceOfName(name: string): Uuid | undefined {
  const resource = parseName("customers/{customer}/resources/{resource}", name)?.resource;
  return resource !== undefined && isUuid(resource) ? resource : undefined;
}

/** The id of the pool that a license, or a resource, of this name has; `undefined` if it is no such name. */
export function poolOfName(name: string): Uuid | undefined {
  return licenseOfName(name) ?? resourceOfName(name);
}
