import { Problem } from "@leasehold/kernel";
import type { License, LicenseState, Usability } from "./license.ts";
import type { LicenseTerms } from "./license-terms.ts";
import type { TermFault } from "./term-fault.ts";

/** There is no such license, or not of this customer. */
export function licenseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such license" });
}

/** Somebody else changed the license since the caller saw it. */
export function revisionConflict(current: bigint): Problem {
  return new Problem("REVISION_CONFLICT", {
    message: "the license changed since",
    metadata: { revision: String(current) },
  });
}

/** The license's state does not allow the change. */
export function licenseStateConflict(state: LicenseState): Problem {
  return new Problem("LICENSE_STATE_CONFLICT", {
    message: "the license's state does not allow this change",
    metadata: { state },
  });
}

/**
 * The terms contradict each other, or the product.
 * @param prefix the path of the terms in the request
 */
export function termsRefused(prefix: string, faults: readonly TermFault[]): Problem {
  return refusedFields(faults.map((fault) => ({ ...fault, path: `${prefix}.${fault.path}` })));
}

/** The renewal puts nothing off. */
export function renewalRefused(faults: readonly TermFault[]): Problem {
  return refusedFields(faults);
}

function refusedFields(faults: readonly TermFault[]): Problem {
  const violations = faults.map(({ path, description }) => ({ field: path, description }));
  return new Problem("INVALID_REQUEST", { message: "the terms break their rules", violations });
}

/** The license is to become one of the customer that has it. */
export function transferToSameCustomer(): Problem {
  return refusedFields([{ path: "customer", description: "must be another customer" }]);
}

/** The license has no such revision. */
export function revisionNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "the license has no such revision" });
}

/** The license names a product that does not exist. */
export function licensedProductUnknown(): Problem {
  return new Problem("INVALID_REQUEST", {
    message: "there is no such product",
    violations: [{ field: "license.product", description: "there is no such product" }],
  });
}

/** A license is to be issued by an edition that does not exist. */
export function issuingEditionUnknown(): Problem {
  return new Problem("INVALID_REQUEST", {
    message: "there is no such edition",
    violations: [{ field: "edition", description: "there is no such edition" }],
  });
}

const UNUSABLE = {
  revoked: () => new Problem("LICENSE_REVOKED", { message: "the license is revoked" }),
  suspended: () => new Problem("LICENSE_SUSPENDED", { message: "the license is suspended" }),
  "not-started": ({ startTime }) =>
    new Problem("LICENSE_NOT_STARTED", {
      message: "the license has not begun",
      metadata: { start_time: new Date(startTime).toISOString() },
    }),
  expired: ({ endTime }) =>
    new Problem("LICENSE_EXPIRED", {
      message: "the license is over",
      metadata: { end_time: new Date(endTime).toISOString() },
    }),
} as const satisfies Record<Exclude<Usability, "usable">, (terms: LicenseTerms) => Problem>;

/** Why a license may not be used, to a caller who has proven to know it. */
export function licenseUnusable(license: License, why: Exclude<Usability, "usable">): Problem {
  return UNUSABLE[why](license.terms);
}
