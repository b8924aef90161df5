import type { Problem } from "@leasehold/kernel";
import { holds, type Principal } from "../auth/principal.ts";
import { credentialsMissing, methodDenied } from "./call-problems.ts";
import type { GuardedMethod } from "./guarded-method.ts";

/**
 * Why a principal may not call a method; `undefined` if it may. Whose things the call is about is
 * not known yet: an account that could not act for any customer at all is refused here, for the
 * rest of them the handlers decide.
 */
export function refusalOf(
  method: Pick<GuardedMethod, "open" | "kinds" | "permission" | "services" | "customerRole">,
  principal: Principal,
): Problem | undefined {
  if (method.open) return undefined;
  if (principal.kind === "anyone") return credentialsMissing();
  const allowed =
    method.kinds.has(principal.kind) &&
    holds(principal, method.permission) &&
    isListed(method, principal) &&
    hasRole(method, principal);
  return allowed ? undefined : methodDenied();
}

function isListed({ services }: Pick<GuardedMethod, "services">, principal: Principal): boolean {
  return principal.kind !== "service" || services.has(principal.service);
}

function hasRole(
  { customerRole }: Pick<GuardedMethod, "customerRole">,
  principal: Principal,
): boolean {
  if (principal.kind !== "account" || customerRole === undefined) return true;
  const roles = [...principal.memberships.values()];
  return roles.some((role) => role === "ADMINISTRATOR" || role === customerRole);
}
