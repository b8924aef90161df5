import { type issuer, LicenseState } from "@leasehold/contracts";
import type { License } from "../domain/license.ts";
import type { Certificates } from "../use-cases/issue-certificates.ts";
import type { FeedStep } from "../use-cases/watch-licenses.ts";
import { customerName, editionName, licenseName, productName } from "../domain/resource-names.ts";
import { presentProductFacts } from "./present-catalogue.ts";
import { presentTerms } from "./present-terms.ts";

const STATE = {
  ACTIVE: LicenseState.ACTIVE,
  SUSPENDED: LicenseState.SUSPENDED,
  REVOKED: LicenseState.REVOKED,
} as const satisfies Record<License["state"], LicenseState>;

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
    transferredFrom: license.transferredFrom ? licenseName(license.transferredFrom) : "",
    transferredTo: license.transferredTo ? licenseName(license.transferredTo) : "",
  };
}

/** Certificates as the contract has them. */
export function presentCertificates(certificates: Certificates): issuer.IssueCertificatesResponse {
  return { ...certificates, refreshTime: new Date(certificates.refreshTime) };
}

/** A step of the feed as the contract has it. */
export function presentFeedStep(step: FeedStep): issuer.WatchLicensesResponse {
  const { feedRevision } = step;
  if (step.kind === "position")
    return { feedRevision, license: undefined, productFacts: undefined, customer: undefined };
  const { license, customer } = step;
  return {
    feedRevision,
    license: presentLicense(license),
    productFacts: presentProductFacts(step.product),
    customer: {
      name: customerName(license.customerId),
      revision: customer.revision,
      limits: { resources: customer.limits.resources },
    },
  };
}
