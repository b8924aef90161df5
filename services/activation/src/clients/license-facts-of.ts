import {
  issuer,
  LicenseModel,
  LicenseState,
  LicenseTerms as LicenseTermsMessage,
  msFromDuration,
  SeatPolicy,
} from "@leasehold/contracts";
import type { LicenseFacts, LicenseTerms, ProductFacts } from "../domain/license-facts.ts";

const STATES = {
  [LicenseState.UNSPECIFIED]: undefined,
  [LicenseState.ACTIVE]: "ACTIVE",
  [LicenseState.SUSPENDED]: "SUSPENDED",
  [LicenseState.REVOKED]: "REVOKED",
} as const satisfies Record<LicenseState, LicenseFacts["state"] | undefined>;

const MODELS = {
  [LicenseModel.UNSPECIFIED]: undefined,
  [LicenseModel.FLOATING]: "FLOATING",
  [LicenseModel.NAMED_MACHINE]: "NAMED_MACHINE",
  [LicenseModel.NAMED_USER]: "NAMED_USER",
  [LicenseModel.RESOURCE]: "RESOURCE",
} as const satisfies Record<LicenseModel, LicenseTerms["model"] | undefined>;

/** What the contract says of lease times that are absent, in milliseconds. */
const DEFAULT_VALIDITY_MS = 45_000;
const DEFAULT_GRACE_MS = 10_000;
/** A policy that is absent is the same as one that says nothing. */
const NO_POLICY = new Uint8Array();

/**
 * What the issuer's message tells of a license.
 * @throws Error if it lacks what every license has: a newer issuer speaks of licenses that
 *   this service does not know, and must not guess at
 */
export function licenseFactsOf(
  license: issuer.License,
  productFacts?: issuer.ProductFacts,
): LicenseFacts {
  const state = STATES[license.state];
  const terms = termsOf(license);
  if (state === undefined || terms === undefined)
    throw new Error(`the issuer's ${license.name} is not understood`);
  return {
    license: license.name,
    revision: license.revision,
    state,
    product: license.product,
    terms,
    ...(productFacts && { productFacts: productFactsOf(productFacts) }),
  };
}

function productFactsOf({ revision, versionPolicy }: issuer.ProductFacts): ProductFacts {
  const told = versionPolicy && issuer.VersionPolicy.encode(versionPolicy).finish();
  return { revision, versionPolicy: told ?? NO_POLICY };
}

function termsOf({ terms }: issuer.License): LicenseTerms | undefined {
  if (terms?.startTime === undefined || terms.endTime === undefined) return undefined;
  const model = MODELS[terms.model];
  if (model === undefined) return undefined;
  const { validity, grace } = terms.leaseTimes ?? {};
  return {
    model,
    seats: terms.seats,
    features: terms.features.map(({ feature, limit, seats }) => ({
      feature,
      ...(limit === undefined ? {} : { limit }),
      ...(seats === undefined ? {} : { seats }),
    })),
    startTime: terms.startTime.getTime(),
    endTime: terms.endTime.getTime(),
    leaseTimes: {
      validityMs: validity === undefined ? DEFAULT_VALIDITY_MS : msFromDuration(validity),
      graceMs: grace === undefined ? DEFAULT_GRACE_MS : msFromDuration(grace),
    },
    seatPolicy: terms.seatPolicy ? SeatPolicy.encode(terms.seatPolicy).finish() : NO_POLICY,
    passedTerms: passedTermsOf(terms),
  };
}

/** What of the terms is passed on as it came: all that is not read here. */
function passedTermsOf(terms: LicenseTermsMessage): Uint8Array {
  const { trial, maintenanceEndTime, versions, changePolicy, installationPolicy } = terms;
  const { resources } = terms;
  return LicenseTermsMessage.encode(
    LicenseTermsMessage.fromPartial({
      trial,
      maintenanceEndTime,
      versions,
      changePolicy,
      installationPolicy,
      resources,
    }),
  ).finish();
}
