import type { Problem } from "@leasehold/kernel";
import { parseName } from "@leasehold/kernel";
import type { CallContext } from "@leasehold/service-kit";
import { administratorsOnly } from "../domain/seat-problems.ts";

type By = Pick<CallContext, "principal">;

/**
 * Lets an account on to licenses of customers that it acts for; to others it is as if there were
 * none. Everybody else whom the method's rule lets in knows every license.
 * @param absent what is told of a license that there is not
 */
export function mayRead({ principal }: By, license: string, absent: () => Problem): void {
  if (principal.kind === "account" && !principal.memberships.has(customerOf(license)))
    throw absent();
}

/** Likewise, if it is administrator there. @throws Problem PERMISSION_DENIED to its other people */
export function mayAdminister(by: By, license: string, absent: () => Problem): void {
  mayRead(by, license, absent);
  const { principal } = by;
  if (
    principal.kind === "account" &&
    principal.memberships.get(customerOf(license)) !== "ADMINISTRATOR"
  )
    throw administratorsOnly();
}

function customerOf(license: string): string {
  const parts = parseName("customers/{customer}/licenses/{license}", license);
  return parts ? `customers/${parts.customer}` : "";
}
