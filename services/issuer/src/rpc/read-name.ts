import type { Check } from "@leasehold/service-kit";

/**
 * Reads a resource name that a request must carry.
 * @param pattern what such a name looks like, for the caller
 */
export function readName<Value>(
  check: Check,
  field: string,
  name: string,
  parse: (name: string) => Value | undefined,
  pattern: string,
): Value {
  const value = parse(name);
  if (value === undefined) check.violation(field, `must be ${pattern}`);
  return value as Value; // never seen if it is none: the request is then refused as a whole
}

export const CUSTOMER_PATTERN = "customers/{customer}, of which the id is a UUID";
export const PRODUCT_PATTERN = "products/{product}";
export const EDITION_PATTERN = "products/{product}/editions/{edition}";
export const LICENSE_PATTERN =
  "customers/{customer}/licenses/{license}, of which each id is a UUID";
export const PRODUCT_KEY_PATTERN =
  "customers/{customer}/licenses/{license}/productKeys/{key}, of which each id is a UUID";
export const KEY_GENERATION_PATTERN = "keyGenerations/{generation}";
export const INSTALLATION_PATTERN = "installations/{installation}, of which the id is a UUID";
export const SIGNING_KEY_PATTERN = "signingKeys/{kid}, of which the id is a key's thumbprint";
