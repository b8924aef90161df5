import {
  type activation,
  durationFromMs,
  issuer,
  LicenseModel,
  LicenseState,
  LicenseTerms as LicenseTermsMessage,
  SeatPolicy,
} from "@leasehold/contracts";
import { installationName } from "../domain/installation.ts";
import type { LicenseTerms } from "../domain/license-facts.ts";
import type { FeedEntry } from "../use-cases/ports.ts";
import type { WatchStep } from "../use-cases/watch-entitlements.ts";

/** One step of the feed as the contract shows it. */
export function presentStep(step: WatchStep): activation.WatchEntitlementsResponse {
  return { feedRevision: step.feedRevision, step: presentContent(step) };
}

function presentContent(step: WatchStep): activation.WatchEntitlementsResponse["step"] {
  if (step.kind === "trust") return { $case: "trustBundle", value: step.token };
  if (step.kind === "entitlement") return { $case: "entitlement", value: presentEntitlement(step) };
  return undefined;
}

function presentEntitlement(entry: FeedEntry): activation.Entitlement {
  const { entitlement: facts, barred, namedUsers } = entry;
  return {
    license: facts.license,
    revision: facts.revision,
    state: LicenseState[facts.state],
    terms: presentTerms(facts.terms),
    product: facts.product,
    barredInstallations: barred.installations.map(installationName),
    barredRevision: barred.revision,
    namedUsers: [...(namedUsers?.users ?? [])],
    namedUsersRevision: namedUsers?.revision ?? 0n,
    productFacts: facts.productFacts && {
      revision: facts.productFacts.revision,
      versionPolicy: issuer.VersionPolicy.decode(facts.productFacts.versionPolicy),
    },
    resource: facts.resource ?? "",
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
