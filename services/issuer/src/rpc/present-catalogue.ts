import { issuer } from "@leasehold/contracts";
import type { Edition } from "../domain/edition.ts";
import type { Product } from "../domain/product.ts";
import { editionName, productName } from "../domain/resource-names.ts";
import { presentTermsTemplate } from "./present-terms.ts";
import { presentVersionRange } from "./present-version-range.ts";

/** A product as the contract has it. */
export function presentProduct(product: Product): issuer.Product {
  const { supported, tolerance } = product.versionPolicy;
  return {
    name: productName(product.id),
    displayName: product.displayName,
    features: product.features.map((feature) => ({
      ...feature,
      kind: issuer.FeatureKind[feature.kind],
    })),
    salesContact: product.salesContact,
    createTime: new Date(product.createTime),
    helpContact: product.helpContact,
    versionPolicy: {
      supported: presentVersionRange(supported),
      tolerance: issuer.VersionTolerance[tolerance],
    },
    revision: product.revision,
    updateTime: new Date(product.updateTime),
  };
}

/** An edition as the contract has it. */
export function presentEdition(edition: Edition): issuer.Edition {
  return {
    name: editionName(edition),
    displayName: edition.displayName,
    terms: presentTermsTemplate(edition.terms),
    termDays: edition.termDays,
    maintenanceDays: edition.maintenanceDays,
    retired: edition.retired,
    revision: edition.revision,
    createTime: new Date(edition.createTime),
    updateTime: new Date(edition.updateTime),
  };
}
