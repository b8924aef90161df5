import {
  type activation,
  durationFromMs,
  LicenseModel,
  LicenseState,
  LicenseTerms as LicenseTermsMessage,
  SeatPolicy,
} from "@leasehold/contracts";
import { type Installation, installationName } from "../domain/installation.ts";
import type { LicenseFacts, LicenseTerms } from "../domain/license-facts.ts";
import type { WatchStep } from "../use-cases/watch-entitlements.ts";

/** An installation as the contract shows it. */
export function presentInstallation(installation: Installation): activation.Installation {
  return {
    name: installationName(installation.id),
    license: installation.license,
    host: installation.host,
    createTime: new Date(installation.createTime),
  };
}

/** One step of the feed as the contract shows it. */
export function presentStep(step: WatchStep): activation.WatchEntitlementsResponse {
  return { feedRevision: step.feedRevision, step: presentContent(step) };
}

function presentContent(step: WatchStep): activation.WatchEntitlementsResponse["step"] {
  if (step.kind === "trust") return { $case: "trustBundle", value: step.token };
  if (step.kind === "entitlement")
    return { $case: "entitlement", value: presentEntitlement(step.entitlement) };
  return undefined;
}

function presentEntitlement(facts: LicenseFacts): activation.Entitlement {
  return {
    license: facts.license,
    revision: facts.revision,
    state: LicenseState[facts.state],
    terms: presentTerms(facts.terms),
    product: facts.product,
  };
}

/** Terms as the contract shows them. */
export function presentTerms(terms: LicenseTerms): LicenseTermsMessage {
  return {
    ...LicenseTermsMessage.decode(terms.passedTerms),
    model: LicenseModel[terms.model],
    seats: terms.seats,
    features: terms.features.map(({ feature, limit, seats }) => ({ feature, limit, seats })),
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
    leaseTimes: {
      validity: durationFromMs(terms.leaseTimes.validityMs),
      grace: durationFromMs(terms.leaseTimes.graceMs),
    },
    seatPolicy: SeatPolicy.decode(terms.seatPolicy),
  };
}
