import {
  ChangePolicy,
  durationFromMs,
  issuer,
  LicenseModel,
  LicenseState,
  SharingPolicy,
} from "@leasehold/contracts";
import type { LicenseTerms as WireTerms, SeatPolicy as WirePolicy } from "@leasehold/contracts";
import type { License } from "../domain/license.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import type { SeatPolicy } from "../domain/seat-policy.ts";
import type { Product } from "../domain/product.ts";
import type { Certificates } from "../use-cases/issue-certificates.ts";
import type { FeedStep } from "../use-cases/watch-licenses.ts";
import { licenseName, productName } from "../domain/resource-names.ts";

const STATE = {
  ACTIVE: LicenseState.ACTIVE,
  SUSPENDED: LicenseState.SUSPENDED,
  REVOKED: LicenseState.REVOKED,
} as const satisfies Record<License["state"], LicenseState>;

const MODEL = {
  FLOATING: LicenseModel.FLOATING,
} as const satisfies Record<LicenseTerms["model"], LicenseModel>;

/** A product as the contract has it. */
export function presentProduct(product: Product): issuer.Product {
  return {
    name: productName(product.id),
    displayName: product.displayName,
    features: product.features.map((feature) => ({
      ...feature,
      kind: issuer.FeatureKind.UNSPECIFIED,
    })),
    salesContact: product.salesContact,
    createTime: new Date(product.createTime),
    helpContact: "",
    versionPolicy: undefined,
    revision: 1n,
    updateTime: new Date(product.createTime),
  };
}

/** A license as the contract has it. */
export function presentLicense(license: License): issuer.License {
  return {
    name: licenseName(license),
    revision: license.revision,
    state: STATE[license.state],
    product: productName(license.productId),
    licensee: { ...license.licensee },
    terms: presentTerms(license.terms),
    createTime: new Date(license.createTime),
    updateTime: new Date(license.updateTime),
    edition: "",
    editionRevision: 0n,
    transferredFrom: "",
    transferredTo: "",
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
    model: MODEL[terms.model],
    seats: terms.seats,
    features: terms.features.map((grant) => ({ ...grant })),
    startTime: new Date(terms.startTime),
    endTime: new Date(terms.endTime),
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
