import { isUuid, parseName, type Uuid } from "@leasehold/kernel";
import type { SeatPolicy } from "./seat-policy.ts";

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
