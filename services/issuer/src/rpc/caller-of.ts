import type { CallContext } from "@leasehold/service-kit";
import type { CustomerRole } from "../domain/account.ts";
import { parseAccountName } from "../domain/account-names.ts";
import type { Caller } from "../domain/caller.ts";
import { parseCustomerName } from "../domain/resource-names.ts";
import type { Uuid } from "@leasehold/kernel";

/** Who calls, as the use-cases know it. */
export function callerOf(principal: CallContext["principal"]): Caller {
  if (principal.kind === "person") return { kind: "person", person: principal.signedIn };
  if (principal.kind !== "account") return { kind: "vendor" };
  const account = parseAccountName(principal.account);
  if (account === undefined) throw new Error(`${principal.account} is no account`);
  const roles = new Map<Uuid, CustomerRole>();
  for (const [name, role] of principal.memberships) {
    const customer = parseCustomerName(name);
    if (customer !== undefined) roles.set(customer, role);
  }
  return { kind: "account", account, roles, person: principal.signedIn };
}
