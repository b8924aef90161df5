import { type ClaimDecision, decideClaim, type SeatClaim } from "../domain/claim.ts";
import type { Holder } from "../domain/holder.ts";
import type { Pool } from "../domain/pool.ts";
import { featureNotLicensed, holderExcluded } from "../domain/seat-problems.ts";
import type { PoolTerms } from "./pool-terms.ts";
import type { DecidedClaim } from "./ports.ts";
import type { Uuid } from "@leasehold/kernel";

/** Who asks for what. */
export interface ClaimRequest {
  readonly license: Uuid;
  readonly holder: Holder;
  readonly claim: SeatClaim;
}

/** Why the terms have no seat for a claim, whatever is free. */
export type ClaimRefusal = Exclude<ClaimDecision, { readonly kind: "claim" }>;

type DecidedBy = ClaimDecision & { readonly revision: bigint };

/**
 * Decides a claim by the terms of its license. Terms that were read a while ago may grant
 * what the scripts then refuse; they refuse nothing before they have been read again.
 * @param refused is told before the problem is thrown
 * @throws Problem HOLDER_EXCLUDED, FEATURE_NOT_LICENSED; NOT_FOUND; DEPENDENCY_UNAVAILABLE
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
  throw newest.kind === "excluded" ? holderExcluded() : featureNotLicensed(newest.feature);
}

function decidedBy({ terms, revision }: Pool, { holder, claim }: ClaimRequest): DecidedBy {
  return { ...decideClaim(terms, holder, claim), revision };
}
