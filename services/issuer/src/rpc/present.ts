import {
  ChangePolicy,
  durationFromMs,
  type issuer,
  LicenseModel,
  LicenseState,
  SharingPolicy,
} from "@leasehold/contracts";
import type { LicenseTerms as WireTerms, SeatPolicy as WirePolicy } from "@leasehold/contracts";
import type { TermsTemplate } from "../domain/edition.ts";
import type { License } from "../domain/license.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import type { SeatPolicy } from "../domain/seat-policy.ts";
import type { Certificates } from "../use-cases/issue-certificates.ts";
import type { FeedStep } from "../use-cases/watch-licenses.ts";
import { editionName, licenseName, productName } from "../domain/resource-names.ts";

const STATE = {
  ACTIVE: LicenseState.ACTIVE,
  SUSPENDED: LicenseState.SUSPENDED,
  REVOKED: LicenseState.REVOKED,
} as const satisfies Record<License["state"], LicenseState>;

const MODEL = {
  FLOATING: LicenseModel.FLOATING,
} as const satisfies Record<LicenseTerms["model"], LicenseModel>;

/** A license as the contract has it. */
export function presentLicense(license: License): issuer.License {
  const { productId, edition } = license;
  return {
    name: licenseName(license),
    revision: license.revision,
    state: STATE[license.state],
    product: productName(productId),
    licensee: { ...license.licensee },
    terms: presentTerms(license.terms),
    createTime: new Date(license.createTime),
    updateTime: new Date(license.updateTime),
    edition: edition ? editionName({ productId, id: edition.id }) : "",
    editionRevision: edition?.revision ?? 0n,
    transferredFrom: "",
    transferredTo: "",
  };
}

/** Terms without their times as the contract has them. */
export function presentTermsTemplate(terms: TermsTemplate): WireTerms {
  return {
    model: MODEL[terms.model],
    seats: terms.seats,
    features: terms.features.map((grant) => ({ ...grant })),
    startTime: undefined,
    endTime: undefined,
    leaseTimes: {
      validity: durationFromMs(terms.leaseTimes.validityMs),
      grace: durationFromMs(terms.leaseTimes.graceMs),
    },
    seatPolicy: presentSeatPolicy(terms.seatPolicy),
    trial: false,
    maintenanceEndTime: undefined,
    versions: undefined,
    changePolicy: ChangePolicy.LIVE,
    installationPolicy: undefined,
  };
}

/** Certificates as the contract has them. */
export function presentCertificates(certificates: Certificates): issuer.IssueCertificatesResponse {
  return { ...certificates, refreshTime: new Date(certificates.refreshTime) };
}

/** A step of the feed as the contract has it. */
export function presentFeedStep(step: FeedStep): issuer.WatchLicensesResponse {
  return {
    feedRevision: step.feedRevision,
    license: step.kind === "license" ? presentLicense(step.license) : undefined,
  };
}

function presentTerms(terms: LicenseTerms): WireTerms {
  return {
    ...presentTermsTemplate(terms),
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
  };
}

function presentSeatPolicy(policy: SeatPolicy): WirePolicy {
  return {
    ...policy,
    sharing: SharingPolicy[policy.sharing],
    groups: policy.groups.map((group) => ({
      ...group,
      users: [...group.users],
      hosts: [...group.hosts],
      installations: [...group.installations],
    })),
    includeGroups: [...policy.includeGroups],
    excludeGroups: [...policy.excludeGroups],
  };
}
