import type { issuer, LicenseTerms as WireTerms } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { EditionRef } from "../domain/edition.ts";
import type { LicenseRef } from "../domain/license.ts";
import type { Licensee } from "@leasehold/license-format";
import { parseCustomerName, parseLicenseName } from "../domain/resource-names.ts";
import type { ChangeLicense } from "../use-cases/change-license.ts";
import type { Grant, IssueLicense } from "../use-cases/issue-license.ts";
import { DISPLAY_TEXT } from "./parse-catalogue.ts";
import { readEditionName } from "./parse-edition.ts";
import { readProductName } from "./parse-product.ts";
import { readAmendedTerms, readReplacedTerms, readTerms } from "./parse-terms.ts";
import { readExpectedRevision } from "./read-expected-revision.ts";
import { CUSTOMER_PATTERN, LICENSE_PATTERN, readName } from "./read-name.ts";

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
export function readIssueLicense(check: Check, request: issuer.IssueLicenseRequest): IssueLicense {
  const customerId = readName(check, "parent", request.parent, parseCustomerName, CUSTOMER_PATTERN);
  return check.message("license", request.license, (license) => {
    const productId = readProductName(check, "license.product", license.product);
    const licensee = readLicensee(check, "license.licensee", license.licensee);
    const grant = readGrant(check, request, license.terms);
    if (isOfOtherProduct(grant, productId)) {
      check.violation("edition", "must be an edition of the license's product");
    }
    return { customerId, productId, licensee, grant };
  });
}

/** Whether both could be read, and do not go together. */
function isOfOtherProduct(grant: Grant, productId: string | undefined): boolean {
  if (grant.kind !== "edition" || productId === undefined) return false;
  const edition: EditionRef | undefined = grant.edition;
  return edition !== undefined && edition.productId !== productId;
}

/** What stands in terms that the mask does not name is not looked at. */
function readGrant(
  check: Check,
  { edition, termsMask }: Pick<issuer.IssueLicenseRequest, "edition" | "termsMask">,
  terms: WireTerms | undefined,
): Grant {
  const isMasked = termsMask !== undefined && termsMask.length > 0;
  if (edition === "") {
    if (isMasked) check.violation("terms_mask", "must be empty without an edition");
    return {
      kind: "terms",
      terms: check.message("license.terms", terms, (given) =>
        readTerms(check, "license.terms", given),
      ),
    };
  }
  const ref = readEditionName(check, "edition", edition);
  if (!isMasked) return { kind: "edition", edition: ref, replaced: {} };
  const replaced = check.message("license.terms", terms, (given) =>
    readReplacedTerms(check, "license.terms", given, termsMask),
  );
  return { kind: "edition", edition: ref, replaced };
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
  return { license, change, ...readExpectedRevision(check, { expectedRevision }) };
}
