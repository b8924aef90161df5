import type { issuer } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import type { Check } from "@leasehold/service-kit";
import { isCatalogueId, parseCustomerName } from "../domain/resource-names.ts";
import type { CreateCustomer } from "../use-cases/create-customer.ts";
import { CUSTOMER_PATTERN, readName } from "./read-name.ts";

/** Bounds of everything that people read. */
export const DISPLAY_TEXT = { min: 1, max: 200 } as const;

const REFERENCE_ID = /^[A-Za-z0-9_.-]{3,64}$/;
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

/** The customer to create. */
export function readCreateCustomer(
  check: Check,
  request: issuer.CreateCustomerRequest,
): CreateCustomer {
  return check.message("customer", request.customer, ({ displayName, referenceId }) => ({
    displayName: check.text("customer.display_name", displayName, DISPLAY_TEXT),
    referenceId: check.matching(
      "customer.reference_id",
      referenceId,
      REFERENCE_ID,
      "must be 3 to 64 of A-Z a-z 0-9 - _ .",
    ),
  }));
}

/** The customer to tell of. */
export function readGetCustomer(check: Check, { name }: issuer.GetCustomerRequest): Uuid {
  return readName(check, "name", name, parseCustomerName, CUSTOMER_PATTERN);
}
