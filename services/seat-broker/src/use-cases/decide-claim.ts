import type { Problem, Uuid } from "@leasehold/kernel";
import { type ClaimDecision, decideClaim, type SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import type { Pool } from "../domain/pool.ts";
import { type AccessFault, accessFault } from "../domain/pool-access.ts";
import {
  featureNotLicensed,
  holderExcluded,
  licenseNotFound,
  resourceNotLicensed,
} from "../domain/seat-problems.ts";
import type { PoolTerms } from "./pool-terms.ts";
import type { DecidedClaim } from "./ports.ts";

/** Who asks for what. */
export interface ClaimRequest {
  readonly license: Uuid;
  /** As in `SeatRequest`. */
  readonly byLicense?: string;
  readonly holder: Holder;
  readonly claim: SeatClaim;
}

/** Why the terms have no seat for a claim, whatever is free. */
export type ClaimRefusal = Exclude<ClaimDecision, { readonly kind: "claim" }>;

type DecidedBy = (ClaimDecision | { readonly kind: "no-access"; readonly fault: AccessFault }) & {
  readonly revision: bigint;
};

/**
 * Decides a claim by the terms of its license. Terms that were read a while ago may grant
 * what the scripts then refuse; they refuse nothing before they have been read again.
 * @param refused is told before the problem is thrown
 * @throws Problem HOLDER_EXCLUDED, FEATURE_NOT_LICENSED, RESOURCE_NOT_LICENSED; NOT_FOUND;
 *   DEPENDENCY_UNAVAILABLE
 */
export async function decideClaimOf(
  terms: PoolTerms,
  request: ClaimRequest,
  refused?: (refusal: ClaimRefusal) => Promise<void>,
): Promise<DecidedClaim> {
  const known = decidedBy(await terms.of(request.license), request);
  if (known.kind === "claim") return known;
  const newest = decidedBy(await terms.refresh(request.license), request);
  if (newest.kind === "claim") return newest;
  if (newest.kind === "no-access") throw refusedAccess(newest.fault);
  await refused?.(newest);
  throw newest.kind === "excluded" ? holderExcluded() : featureNotLicensed(newest.feature);
}

function decidedBy(pool: Pool, { byLicense, holder, claim }: ClaimRequest): DecidedBy {
  const { terms, revision } = pool;
  const fault = accessFault(pool, byLicense);
  if (fault !== undefined) return { kind: "no-access", fault, revision };
  return { ...decideClaim(terms, holder, claim), revision };
}

/** The problem of a caller whose license has no seats of a pool. */
export function refusedAccess(fault: AccessFault): Problem {
  return fault === "unknown" ? licenseNotFound() : resourceNotLicensed();
}
