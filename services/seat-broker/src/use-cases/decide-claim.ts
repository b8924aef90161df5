import { type ClaimDecision, decideClaim, type SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import { type Pool, type TermsVersion, versionOf } from "../domain/pool.ts";
import { featureNotLicensed, holderExcluded, userNotNamed } from "../domain/seat-problems.ts";
import type { PoolTerms } from "./pool-terms.ts";
import type { DecidedClaim } from "./ports.ts";
import type { Problem, Uuid } from "@leasehold/kernel";

/** Who asks for what. */
export interface ClaimRequest {
  readonly license: Uuid;
  readonly holder: Holder;
  readonly claim: SeatClaim;
}

/** Why the terms have no seat for a claim, whatever is free. */
export type ClaimRefusal = Exclude<ClaimDecision, { readonly kind: "claim" }>;

type DecidedBy = ClaimDecision & TermsVersion;

/**
 * Decides a claim by the terms of its license. Terms that were read a while ago may grant
 * what the scripts then refuse; they refuse nothing before they have been read again.
 * @param refused is told before the problem is thrown
 * @throws Problem HOLDER_EXCLUDED, USER_NOT_NAMED, FEATURE_NOT_LICENSED; NOT_FOUND; DEPENDENCY_UNAVAILABLE
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
  await refused?.(newest);
  throw problemOf(newest);
}

function problemOf(refusal: ClaimRefusal): Problem {
  if (refusal.kind === "feature-not-licensed") return featureNotLicensed(refusal.feature);
  return refusal.kind === "not-named" ? userNotNamed() : holderExcluded();
}

function decidedBy(pool: Pool, { holder, claim }: ClaimRequest): DecidedBy {
  return { ...decideClaim(pool.terms, holder, claim), ...versionOf(pool) };
}
