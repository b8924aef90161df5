import { issuer } from "@leasehold/contracts";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import type { Check } from "@leasehold/service-kit";
import { PRODUCTS_LIST, type ProductField } from "../domain/catalogue-lists.ts";
import { FEATURES_MAX } from "../domain/license-terms.ts";
import { OPEN_VERSIONS } from "../domain/product.ts";
import type { Feature, FeatureKind, ProductFacts, VersionPolicy } from "../domain/product.ts";
import { parseProductName } from "../domain/resource-names.ts";
import type { CreateProduct } from "../use-cases/create-product.ts";
import type { UpdateProduct } from "../use-cases/update-product.ts";
import { DISPLAY_TEXT, readCatalogueId, readFeatureCode } from "./parse-catalogue.ts";
import { readVersionRange } from "./parse-version-range.ts";
import { readExpectedRevision } from "./read-expected-revision.ts";
import { PRODUCT_PATTERN, readName } from "./read-name.ts";

const CONTACT = { max: 200 } as const;

const KIND = {
  [issuer.FeatureKind.UNSPECIFIED]: "UNSPECIFIED",
  [issuer.FeatureKind.SWITCH]: "SWITCH",
  [issuer.FeatureKind.COUNTED]: "COUNTED",
} as const satisfies Record<issuer.FeatureKind, FeatureKind>;

const TOLERANCE = {
  [issuer.VersionTolerance.UNSPECIFIED]: "ANY",
  [issuer.VersionTolerance.ANY]: "ANY",
  [issuer.VersionTolerance.SAME_MAJOR]: "SAME_MAJOR",
  [issuer.VersionTolerance.SAME_MINOR]: "SAME_MINOR",
} as const satisfies Record<issuer.VersionTolerance, VersionPolicy["tolerance"]>;

/** What may be changed of a product, by its path in the contract. */
const READERS = {
  display_name: (check, { displayName }) => ({
    displayName: check.text("product.display_name", displayName, DISPLAY_TEXT),
  }),
  features: (check, { features }) => ({ features: readFeatures(check, features) }),
  sales_contact: (check, { salesContact }) => ({
    salesContact: check.text("product.sales_contact", salesContact, CONTACT),
  }),
  help_contact: (check, { helpContact }) => ({
    helpContact: check.text("product.help_contact", helpContact, CONTACT),
  }),
  version_policy: (check, { versionPolicy }) => ({
    versionPolicy: readVersionPolicy(check, versionPolicy),
  }),
} as const satisfies Record<
  string,
  (check: Check, product: issuer.Product) => Partial<ProductFacts>
>;
const PATHS = Object.keys(READERS) as (keyof typeof READERS)[];

/** A product by its name, wherever a request carries one. */
export function readProductName(check: Check, field: string, name: string): string {
  return readName(check, field, name, parseProductName, PRODUCT_PATTERN);
}

/** The product to create. */
export function readCreateProduct(
  check: Check,
  request: issuer.CreateProductRequest,
): CreateProduct {
  const id = readCatalogueId(check, "product_id", request.productId);
  return check.message("product", request.product, (product) => ({
    id,
    ...READERS.display_name(check, product),
    ...READERS.features(check, product),
    ...READERS.sales_contact(check, product),
    ...READERS.help_contact(check, product),
    ...READERS.version_policy(check, product),
  }));
}

/** The product to tell of. */
export function readGetProduct(check: Check, { name }: issuer.GetProductRequest): string {
  return readProductName(check, "name", name);
}

/** The change to make of a product; what stands in fields that the mask does not name is not looked at. */
export function readUpdateProduct(
  check: Check,
  request: issuer.UpdateProductRequest,
): UpdateProduct {
  const id = readProductName(check, "name", request.name);
  const expected = readExpectedRevision(check, request);
  const facts = check.message("product", request.product, (product) => {
    const paths = check.fieldMask("update_mask", request.updateMask, PATHS);
    const read: Partial<ProductFacts>[] = paths.map((path) => READERS[path](check, product));
    return Object.assign({}, ...read) as Partial<ProductFacts>;
  });
  return { id, ...expected, facts };
}

/** The page of products to tell of. */
export function readListProducts(
  check: Check,
  request: issuer.ListProductsRequest,
  tokens: PageTokens,
): ListReading<ProductField> {
  return readList(check, PRODUCTS_LIST, request, { tokens, method: "ListProducts", parent: "" });
}

function readFeatures(check: Check, features: readonly issuer.Feature[]): readonly Feature[] {
  const bounds = { max: FEATURES_MAX, unique: ({ code }: issuer.Feature) => code };
  return check.list("product.features", features, bounds, ({ code, displayName, kind }, field) => ({
    code: readFeatureCode(check, `${field}.code`, code),
    displayName: check.text(`${field}.display_name`, displayName, DISPLAY_TEXT),
    kind: KIND[check.oneOf(`${field}.kind`, kind, Object.values(issuer.FeatureKind))],
  }));
}

function readVersionPolicy(check: Check, policy: issuer.VersionPolicy | undefined): VersionPolicy {
  if (!policy) return OPEN_VERSIONS;
  const field = "product.version_policy";
  const supported = readVersionRange(check, `${field}.supported`, policy.supported);
  const tolerances = Object.values(issuer.VersionTolerance);
  return {
    ...(supported && { supported }),
    tolerance: TOLERANCE[check.oneOf(`${field}.tolerance`, policy.tolerance, tolerances)],
  };
}
