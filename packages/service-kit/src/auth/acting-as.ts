import { holds, type Principal } from "./principal.ts";
import { rolePermissions } from "./roles.ts";

/** What decides as whom a person calls a method. */
export interface ActedOn {
  readonly kinds: ReadonlySet<Principal["kind"]>;
  readonly permission: string;
  /** Whether the method is about the account itself that calls, and no customer's. */
  readonly aboutOneself: boolean;
}

/**
 * As whom somebody calls a method. A person with a role in the deployment is an administrator where
 * the method is for administrators and the role has its permission, also where they act for a
 * customer too. Where the method is about themselves, and where the role does not reach, they are
 * the account that they are without it: a role takes nothing away.
 */
export function actingAs(principal: Principal, { kinds, permission, aboutOneself }: ActedOn) {
  if (principal.kind !== "account" || !principal.roles || principal.roles.length === 0)
    return principal;
  if (!kinds.has("administrator") || (aboutOneself && kinds.has("account"))) return principal;
  const administrator: Principal = {
    kind: "administrator",
    subject: principal.account,
    permissions: rolePermissions(principal.roles),
  };
  return holds(administrator, permission) ? administrator : principal;
}
