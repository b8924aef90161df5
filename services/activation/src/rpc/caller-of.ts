import type { Principal } from "@leasehold/service-kit";
import type { Caller } from "../domain/installation-access.ts";

/** Who calls, as far as installations are concerned. */
export function callerOf(principal: Principal): Caller {
  switch (principal.kind) {
    case "installation":
      return { kind: "installation", name: principal.installation };
    case "account":
      return { kind: "account", roles: principal.memberships };
    case "administrator":
      return { kind: "vendor" };
    case "anyone":
    case "person":
    case "service":
      throw new Error(`no method about installations is for ${principal.kind}`);
  }
}
