import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { LicenseRef } from "../domain/license.ts";
import type { Licensee } from "../domain/licensee.ts";
import { parseCustomerName, parseLicenseName, parseProductName } from "../domain/resource-names.ts";
import type { ChangeLicense } from "../use-cases/change-license.ts";
import type { IssueLicense } from "../use-cases/issue-license.ts";
import { DISPLAY_TEXT } from "./parse-catalogue.ts";
import { readAmendedTerms, readTerms } from "./parse-terms.ts";
import { CUSTOMER_PATTERN, LICENSE_PATTERN, PRODUCT_PATTERN, readName } from "./read-name.ts";

/** Bounds of a revision; 0 stands for none. */
export const REVISION = { min: 0n, max: 2n ** 63n - 1n } as const;

/** Whom a license is made out to. */
export function readLicensee(
  check: Check,
  field: string,
  licensee: issuer.Licensee | undefined,
): Licensee {
  return check.message(field, licensee, ({ name, organization }) => ({
    name: check.text(`${field}.name`, name, DISPLAY_TEXT),
    organization: check.text(`${field}.organization`, organization, DISPLAY_TEXT),
  }));
}

/** The license to issue. */
export function readIssueLicense(
  check: Check,
  { parent, license }: issuer.IssueLicenseRequest,
): IssueLicense {
  const customerId = readName(check, "parent", parent, parseCustomerName, CUSTOMER_PATTERN);
  return check.message("license", license, ({ product, licensee, terms }) => ({
    customerId,
    productId: readName(check, "license.product", product, parseProductName, PRODUCT_PATTERN),
    licensee: readLicensee(check, "license.licensee", licensee),
    terms: check.message("license.terms", terms, (given) =>
      readTerms(check, "license.terms", given),
    ),
  }));
}

/** A license by its name, wherever a request carries one. */
export function readLicenseName(check: Check, field: string, name: string): LicenseRef {
  return readName(check, field, name, parseLicenseName, LICENSE_PATTERN);
}

/** The license to tell of. */
export function readGetLicense(check: Check, { name }: issuer.GetLicenseRequest): LicenseRef {
  return readLicenseName(check, "name", name);
}

/** The amendment to make. */
export function readAmendLicense(check: Check, request: issuer.AmendLicenseRequest): ChangeLicense {
  const terms = check.message("terms", request.terms, (given) =>
    readAmendedTerms(check, "terms", given, request.updateMask),
  );
  return readChange(check, request, { kind: "amend", terms });
}

/** A change that needs no more than the license's name. */
export function readChange(
  check: Check,
  { name, expectedRevision }: Pick<issuer.SuspendLicenseRequest, "name" | "expectedRevision">,
  change: ChangeLicense["change"],
): ChangeLicense {
  const license = readLicenseName(check, "name", name);
  const expected = check.integer("expected_revision", expectedRevision, REVISION);
  return expected === 0n ? { license, change } : { license, change, expectedRevision: expected };
}
