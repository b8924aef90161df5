import type { Check } from "@leasehold/service-kit";
import { parseName } from "@leasehold/kernel";

const LICENSE_NAME = "customers/{customer}/licenses/{license}";
const RESOURCE_NAME = "customers/{customer}/resources/{resource}";

/** Reads the name of a license, or of a resource, whose pool is asked for. Whether there is one is not looked at. */
export function readPoolName(check: Check, field: string, name: string): string {
  const isName = parseName(LICENSE_NAME, name) ?? parseName(RESOURCE_NAME, name);
  if (!isName) check.violation(field, `must be ${LICENSE_NAME} or ${RESOURCE_NAME}`);
  return name;
}
