import type { Check } from "@leasehold/service-kit";
import { isCatalogueId } from "../domain/resource-names.ts";

/** Bounds of everything that people read. */
export const DISPLAY_TEXT = { min: 1, max: 200 } as const;

const FEATURE_CODE = /^[a-z][a-z0-9_-]{0,63}$/;
const FEATURE_CODE_RULE = "must be 1 to 64 of a-z 0-9 - _, beginning with a letter";

/** The code of a feature, as far as its form goes. */
export function readFeatureCode(check: Check, field: string, code: string): string {
  return check.matching(field, code, FEATURE_CODE, FEATURE_CODE_RULE);
}

/** The id of a product or an edition that is to be created. */
export function readCatalogueId(check: Check, field: string, id: string): string {
  if (!isCatalogueId(id)) {
    check.violation(field, "must be 1 to 64 of a-z 0-9 -, beginning with a letter");
  }
  return id;
}
