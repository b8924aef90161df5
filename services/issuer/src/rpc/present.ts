import { issuer, LicenseState } from "@leasehold/contracts";
import type { License } from "../domain/license.ts";
import type { Product } from "../domain/product.ts";
import type { Certificates } from "../use-cases/issue-certificates.ts";
import type { FeedStep } from "../use-cases/watch-licenses.ts";
import { licenseName, productName } from "../domain/resource-names.ts";
import { presentTerms } from "./present-terms.ts";

const STATE = {
  ACTIVE: LicenseState.ACTIVE,
  SUSPENDED: LicenseState.SUSPENDED,
  REVOKED: LicenseState.REVOKED,
} as const satisfies Record<License["state"], LicenseState>;

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
  return {
    feedRevision: step.feedRevision,
    license: step.kind === "license" ? presentLicense(step.license) : undefined,
  };
}
