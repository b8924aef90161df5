import type { Problem, Uuid } from "@leasehold/kernel";
import { type ClaimDecision, decideClaim, type SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import { type Pool, versionOf } from "../domain/pool.ts";
import { type AccessFault, accessFault } from "../domain/pool-access.ts";
import {
  featureNotLicensed,
  holderExcluded,
  licenseNotFound,
  resourceNotLicensed,
  userNotNamed,
  versionNotCovered,
} from "../domain/seat-problems.ts";
import {
  uncoveredVersion,
  type UncoveredVersion,
  type VersionWarning,
  versionWarnings,
} from "../domain/version-rules.ts";
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
export type ClaimRefusal = Exclude<ClaimDecision, { readonly kind: "claim" }> | UncoveredVersion;

/** A claim that may be made, and what its holder should be warned of. */
export interface WarnedClaim extends DecidedClaim {
  readonly warnings: readonly VersionWarning[];
}

type DecidedBy =
  | ({ readonly kind: "claim" } & WarnedClaim)
  | { readonly kind: "no-access"; readonly fault: AccessFault }
  | ClaimRefusal;

/**
 * Decides a claim by the terms of its license. Terms that were read a while ago may grant
 * what the scripts then refuse; they refuse nothing before they have been read again.
 * @param told hears of it before the problem is thrown
 * @throws Problem HOLDER_EXCLUDED, USER_NOT_NAMED, FEATURE_NOT_LICENSED, VERSION_NOT_COVERED, RESOURCE_NOT_LICENSED; NOT_FOUND;
 *   DEPENDENCY_UNAVAILABLE
 */
export async function decideClaimOf(
  terms: PoolTerms,
  request: ClaimRequest,
  told?: (refusal: ClaimRefusal) => Promise<void>,
): Promise<WarnedClaim> {
  const known = decidedBy(await terms.of(request.license), request);
  if (known.kind === "claim") return known;
  const newest = decidedBy(await terms.refresh(request.license), request);
  if (newest.kind === "claim") return newest;
  if (newest.kind === "no-access") throw refusedAccess(newest.fault);
  await told?.(newest);
  throw refused(newest);
}

function decidedBy(pool: Pool, { byLicense, holder, claim }: ClaimRequest): DecidedBy {
  const { terms } = pool;
  const fault = accessFault(pool, byLicense);
  if (fault !== undefined) return { kind: "no-access", fault };
  const uncovered = uncoveredVersion(terms.versions, holder);
  if (uncovered) return uncovered;
  const decision = decideClaim(terms, holder, claim);
  if (decision.kind !== "claim") return decision;
  return { ...decision, ...versionOf(pool), warnings: versionWarnings(terms.versions, holder) };
}

function refused(refusal: ClaimRefusal): Problem {
  switch (refusal.kind) {
    case "excluded":
      return holderExcluded();
    case "not-named":
      return userNotNamed();
    case "feature-not-licensed":
      return featureNotLicensed(refusal.feature);
    case "version-not-covered":
      return versionNotCovered(refusal);
    default:
      return refusal satisfies never;
  }
}

/** The problem of a caller whose license has no seats of a pool. */
export function refusedAccess(fault: AccessFault): Problem {
  return fault === "unknown" ? licenseNotFound() : resourceNotLicensed();
}
