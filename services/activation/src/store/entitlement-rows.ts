import type { LicenseFacts } from "../domain/license-facts.ts";
import type { EntitlementRow, upsertEntitlement } from "./statements.ts";

type Parameters = NonNullable<(typeof upsertEntitlement)["types"]>["params"];

const NOTHING = new Uint8Array();

/** What the database is told of a license. */
export function entitlementParameters(
  { license, revision, state, product, terms, productFacts }: LicenseFacts,
  feedRevision: bigint,
): Parameters {
  const { model, seats, startTime, endTime, leaseTimes } = terms;
  const features = terms.features.map(({ limit, ...grant }) =>
    limit === undefined ? grant : { ...grant, limit: String(limit) },
  );
  return [
    license,
    revision,
    state,
    product,
    model,
    seats,
    JSON.stringify(features),
    new Date(startTime),
    new Date(endTime),
    leaseTimes.validityMs,
    leaseTimes.graceMs,
    terms.seatPolicy,
    terms.passedTerms,
    feedRevision,
    productFacts?.revision ?? 0n,
    productFacts?.versionPolicy ?? NOTHING,
  ];
}

/** What a row tells of a license. */
export function entitlementOf(row: EntitlementRow): LicenseFacts {
  const { license, revision, state, product, model, seats } = row;
  return {
    license,
    ...(row.resource !== null && { resource: row.resource }),
    revision,
    state,
    product,
    terms: {
      model,
      seats,
      features: row.features.map(({ limit, ...grant }) =>
        limit === undefined ? grant : { ...grant, limit: BigInt(limit) },
      ),
      startTime: row.start_time.getTime(),
      endTime: row.end_time.getTime(),
      leaseTimes: { validityMs: row.validity_ms, graceMs: row.grace_ms },
      seatPolicy: row.seat_policy,
      passedTerms: row.passed_terms,
    },
    ...(row.product_revision > 0n && {
      productFacts: { revision: row.product_revision, versionPolicy: row.version_policy },
    }),
  };
}
