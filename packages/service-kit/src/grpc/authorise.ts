import type { Problem } from "@leasehold/kernel";
import { holds, type Principal } from "../auth/principal.ts";
import { credentialsMissing, methodDenied } from "./call-problems.ts";
import type { GuardedMethod } from "./guarded-method.ts";

/**
 * Why a principal may not call a method; `undefined` if it may. Whose things the call is about is
 * not known yet: an account that administers no customer is refused here what only administrators
 * may do, whether there is such a thing or not; for all others the handlers decide.
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

/** Whoever only looks is told by the handler what there is to see, which may be nothing. */
function hasRole(
  { customerRole }: Pick<GuardedMethod, "customerRole">,
  principal: Principal,
): boolean {
  if (principal.kind !== "account" || customerRole !== "ADMINISTRATOR") return true;
  return [...principal.memberships.values()].includes("ADMINISTRATOR");
}
