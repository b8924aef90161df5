import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import { FEATURES_MAX } from "../domain/license-terms.ts";
import type { Feature } from "../domain/product.ts";
import { isProductId, parseProductName } from "../domain/resource-names.ts";
import type { CreateProduct } from "../use-cases/create-product.ts";
import { PRODUCT_PATTERN, readName } from "./read-name.ts";

/** Bounds of everything that people read. */
export const DISPLAY_TEXT = { min: 1, max: 200 } as const;

const FEATURE_CODE = /^[a-z][a-z0-9_-]{0,63}$/;
const FEATURE_CODE_RULE = "must be 1 to 64 of a-z 0-9 - _, beginning with a letter";

/** The code of a feature, as far as its form goes. */
export function readFeatureCode(check: Check, field: string, code: string): string {
  return check.matching(field, code, FEATURE_CODE, FEATURE_CODE_RULE);
}

/** The product to create. */
export function readCreateProduct(
  check: Check,
  { productId, product }: issuer.CreateProductRequest,
): CreateProduct {
  if (!isProductId(productId)) {
    check.violation("product_id", "must be 1 to 64 of a-z 0-9 -, beginning with a letter");
  }
  return check.message("product", product, ({ displayName, salesContact, features }) => ({
    id: productId,
    displayName: check.text("product.display_name", displayName, DISPLAY_TEXT),
    salesContact: check.text("product.sales_contact", salesContact, { max: 200 }),
    features: check.list(
      "product.features",
      features,
      { max: FEATURES_MAX, unique: ({ code }) => code },
      (feature, field) => readFeature(check, field, feature),
    ),
  }));
}

/** The product to tell of. */
export function readGetProduct(check: Check, { name }: issuer.GetProductRequest): string {
  return readName(check, "name", name, parseProductName, PRODUCT_PATTERN);
}

function readFeature(check: Check, field: string, { code, displayName }: issuer.Feature): Feature {
  return {
    code: readFeatureCode(check, `${field}.code`, code),
    displayName: check.text(`${field}.display_name`, displayName, DISPLAY_TEXT),
  };
}
