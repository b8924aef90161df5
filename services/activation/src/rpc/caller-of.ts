import type { Principal } from "@leasehold/service-kit";
import type { Caller } from "../domain/installation-access.ts";

/** Who calls, as far as installations are concerned. */
export function callerOf(principal: Principal): Caller {
  if (principal.kind === "installation")
    return { kind: "installation", name: principal.installation };
  if (principal.kind === "account") return { kind: "account", roles: principal.memberships };
  if (principal.kind === "administrator") return { kind: "vendor" };
  throw new Error(`no method about installations is for ${principal.kind}`);
}
