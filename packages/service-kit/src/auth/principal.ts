/** Who calls, as proved by the credentials of the call. */
export type Principal =
  | { readonly kind: "anyone" }
  | {
      readonly kind: "installation";
      /** `installations/{installation}`. */
      readonly installation: string;
      /** `customers/{customer}/licenses/{license}`. */
      readonly license: string;
      /** `products/{product}`. */
      readonly product: string;
      /** Thumbprint of the key that it proved itself with. */
      readonly publicKeyThumbprint: string;
    }
  | {
      readonly kind: "service";
      readonly service: string;
      readonly permissions: ReadonlySet<string>;
    }
  | {
      readonly kind: "administrator";
      readonly subject: string;
      readonly permissions: ReadonlySet<string>;
    }
  | {
      readonly kind: "account";
      /** `accounts/{account}`. */
      readonly account: string;
      /** For whom it acts, `customers/{customer}`, and as what. */
      readonly memberships: ReadonlyMap<string, CustomerRole>;
    };

/** What an account may do for a customer: everything that is the customer's, or look. */
export type CustomerRole = "ADMINISTRATOR" | "USER";

/** A caller without credentials. */
export const ANYONE: Principal = { kind: "anyone" };

/** In a set of permissions: every one. */
const EVERY = "*";

/**
 * Whether the principal holds a permission. An installation holds every one that a rule
 * asks of installations: its scope is its own license, by its certificate. So does an account:
 * its scope is its customers, and its role at each is looked at where the customer is known.
 */
export function holds(principal: Principal, permission: string): boolean {
  if (principal.kind === "installation" || principal.kind === "account") return true;
  if (permission === "") return true;
  if (principal.kind === "anyone") return false;
  return principal.permissions.has(permission) || principal.permissions.has(EVERY);
}

/** The principal in a log line: its kind and id. */
export function principalId(principal: Principal): string {
  if (principal.kind === "anyone") return "anyone";
  if (principal.kind === "installation") return principal.installation;
  if (principal.kind === "account") return principal.account;
  return principal.kind === "service"
    ? `service:${principal.service}`
    : `administrator:${principal.subject}`;
}
