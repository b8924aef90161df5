import type { Problem } from "@leasehold/kernel";
import type { Principal } from "@leasehold/service-kit";
import { customerOfLicense } from "../domain/resource.ts";
import { mayOnlyRead } from "../domain/resource-problems.ts";

/** What of which customers a caller may see and change: by its credentials, whatever it asks for. */
export interface CustomerScope {
  /** @throws the problem if the customer is none of the caller's: as if there were none */
  see(customer: string, absent: () => Problem): void;
  /** @throws likewise; PERMISSION_DENIED if the caller may look only */
  change(customer: string, absent: () => Problem): void;
  /** Whether it gets to see what is licensed alone. */
  readonly licensedOnly: boolean;
}

const EVERYTHING: CustomerScope = { see: () => {}, change: () => {}, licensedOnly: false };

/** The scope of a caller that the rule of the method lets in. */
export function customerScope(principal: Principal): CustomerScope {
  if (principal.kind === "account") return ofAccount(principal);
  if (principal.kind === "installation") return ofInstallation(principal.license);
  return EVERYTHING;
}

function ofAccount({
  memberships,
}: Extract<Principal, { readonly kind: "account" }>): CustomerScope {
  const see: CustomerScope["see"] = (customer, absent) => {
    if (!memberships.has(customer)) throw absent();
  };
  return {
    see,
    change: (customer, absent) => {
      see(customer, absent);
      if (memberships.get(customer) !== "ADMINISTRATOR") throw mayOnlyRead();
    },
    licensedOnly: false,
  };
}

/** It sees what is its customer's, and changes nothing. */
function ofInstallation(license: string): CustomerScope {
  const own = customerOfLicense(license);
  const see: CustomerScope["see"] = (customer, absent) => {
    if (customer !== own) throw absent();
  };
  return {
    see,
    change: (customer, absent) => {
      see(customer, absent);
      throw mayOnlyRead();
    },
    licensedOnly: true,
  };
}
