import type { issuer } from "@leasehold/contracts";
import type { ListReading, PageTokens } from "@leasehold/list-query";
import { readList } from "@leasehold/list-query";
import type { Uuid } from "@leasehold/kernel";
import type { Check } from "@leasehold/service-kit";
import type { LicenseRef } from "../domain/license.ts";
import { LICENSES_LIST, REVISIONS_LIST } from "../domain/license-list.ts";
import type { LicenseField, RevisionField } from "../domain/license-list.ts";
import { parseCustomerName } from "../domain/resource-names.ts";
import type { ExpectedLicense } from "../use-cases/expected-license.ts";
import type { CompareRevisions } from "../use-cases/read-licenses.ts";
import type { RenewLicense } from "../use-cases/renew-license.ts";
import type { TransferLicense } from "../use-cases/transfer-license.ts";
import { readLicensee, readLicenseName } from "./parse-license.ts";
import { readTime } from "./parse-terms.ts";
import { readExpectedRevision, REVISION } from "./read-expected-revision.ts";
import { CUSTOMER_PATTERN, readName } from "./read-name.ts";

const ALL_CUSTOMERS = "customers/-";

/** The renewal to make. */
export function readRenewLicense(check: Check, request: issuer.RenewLicenseRequest): RenewLicense {
  const { endTime, maintenanceEndTime } = request;
  return {
    ...readExpected(check, request),
    request: {
      endTime: readTime(check, "end_time", endTime),
      maintenanceEndTime:
        maintenanceEndTime && readTime(check, "maintenance_end_time", maintenanceEndTime),
    },
  };
}

/** The transfer to make. */
export function readTransferLicense(
  check: Check,
  request: issuer.TransferLicenseRequest,
): TransferLicense {
  const { customer, licensee } = request;
  return {
    ...readExpected(check, request),
    customerId: readName(check, "customer", customer, parseCustomerName, CUSTOMER_PATTERN),
    licensee: licensee && readLicensee(check, "licensee", licensee),
  };
}

/** The revisions to compare. */
export function readCompareRevisions(
  check: Check,
  { name, fromRevision, toRevision }: issuer.CompareLicenseRevisionsRequest,
): CompareRevisions {
  return {
    license: readLicenseName(check, "name", name),
    from: check.integer("from_revision", fromRevision, REVISION) || undefined,
    to: check.integer("to_revision", toRevision, REVISION) || undefined,
  };
}

/** The licenses to list. */
export function readListLicenses(
  check: Check,
  request: issuer.ListLicensesRequest,
  tokens: PageTokens,
): ListReading<LicenseField> & { readonly customerId: Uuid | undefined } {
  const { parent } = request;
  const call = { tokens, method: "ListLicenses", parent };
  const list = readList(check, LICENSES_LIST, request, call);
  if (parent === ALL_CUSTOMERS) return { ...list, customerId: undefined };
  const customerId = readName(check, "parent", parent, parseCustomerName, CUSTOMER_PATTERN);
  return { ...list, customerId };
}

/** The revisions to list. */
export function readListRevisions(
  check: Check,
  request: issuer.ListLicenseRevisionsRequest,
  tokens: PageTokens,
): ListReading<RevisionField> & { readonly license: LicenseRef } {
  const { parent } = request;
  const call = { tokens, method: "ListLicenseRevisions", parent };
  const license = readLicenseName(check, "parent", parent);
  return { ...readList(check, REVISIONS_LIST, request, call), license };
}

function readExpected(
  check: Check,
  request: Pick<issuer.RenewLicenseRequest, "name" | "expectedRevision">,
): ExpectedLicense {
  const license = readLicenseName(check, "name", request.name);
  return { license, ...readExpectedRevision(check, request) };
}
