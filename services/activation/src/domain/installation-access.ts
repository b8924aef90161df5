import { installationNotFound } from "./activation-problems.ts";
import { customerOf, type Installation, installationName, type Party } from "./installation.ts";
import { notPermitted, parentNotFound } from "./installation-problems.ts";

/** Who asks: the vendor's desk, a person who acts for customers, or an installation. */
export type Caller =
  | { readonly kind: "vendor" }
  | {
      readonly kind: "account";
      /** By `customers/{customer}`. */
      readonly roles: ReadonlyMap<string, "ADMINISTRATOR" | "USER">;
    }
  | {
      readonly kind: "installation";
      /** `installations/{installation}`. */
      readonly name: string;
    };

const PARTY_OF = {
  vendor: "VENDOR",
  account: "CUSTOMER",
  installation: "INSTALLATION",
} as const satisfies Record<Caller["kind"], Party>;

/** On whose side a caller stands. */
export function partyOf({ kind }: Caller): Party {
  return PARTY_OF[kind];
}

/**
 * Lets through what the caller may know of.
 * @throws Problem NOT_FOUND for what is not the caller's, as for what is not there
 */
export function readable(caller: Caller, installation: Installation | undefined): Installation {
  if (installation === undefined) throw installationNotFound();
  const isForeign =
    (caller.kind === "installation" && caller.name !== installationName(installation.id)) ||
    (caller.kind === "account" && !caller.roles.has(customerOf(installation.license)));
  if (isForeign) throw installationNotFound();
  return installation;
}

/**
 * Lets through what the caller may change.
 * @throws Problem NOT_FOUND as `readable`; PERMISSION_DENIED to whoever may only look
 */
export function changeable(caller: Caller, installation: Installation | undefined): Installation {
  const known = readable(caller, installation);
  const mayChange =
    caller.kind !== "account" || caller.roles.get(customerOf(known.license)) === "ADMINISTRATOR";
  if (!mayChange) throw notPermitted();
  return known;
}

/** @throws Problem NOT_FOUND if the caller has nothing to do with the customer */
export function checkCustomerReadable(caller: Caller, customer: string): void {
  if (caller.kind === "vendor") return;
  if (caller.kind !== "account" || !caller.roles.has(customer)) throw parentNotFound();
}
