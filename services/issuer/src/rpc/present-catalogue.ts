import { issuer } from "@leasehold/contracts";
import type { Edition } from "../domain/edition.ts";
import type { Product, VersionPolicy } from "../domain/product.ts";
import { editionName, productName } from "../domain/resource-names.ts";
import { presentTermsTemplate } from "./present-terms.ts";
import { presentVersionRange } from "./present-version-range.ts";

/** A product as the contract has it. */
export function presentProduct(product: Product): issuer.Product {
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
    versionPolicy: presentVersionPolicy(product.versionPolicy),
    revision: product.revision,
    updateTime: new Date(product.updateTime),
  };
}

/** What of a product goes along with its licenses. */
export function presentProductFacts(
  product: Pick<Product, "revision" | "versionPolicy">,
): issuer.ProductFacts {
  const { revision, versionPolicy } = product;
  return { revision, versionPolicy: presentVersionPolicy(versionPolicy) };
}

function presentVersionPolicy({ supported, tolerance }: VersionPolicy): issuer.VersionPolicy {
  return {
    supported: presentVersionRange(supported),
    tolerance: issuer.VersionTolerance[tolerance],
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
