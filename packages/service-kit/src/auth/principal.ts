import { type DeploymentRole, EVERY_PERMISSION } from "./roles.ts";

/** A person as the provider of OpenID Connect that they signed in with tells of them. */
export interface SignedIn {
  /** The `iss` of the provider's tokens. */
  readonly issuer: string;
  /** The `sub`: the person there. */
  readonly subject: string;
  /** `undefined` if the provider does not tell. */
  readonly email: string | undefined;
  /** Whether the provider vouches for the email address. */
  readonly emailVerified: boolean;
  /** `undefined` if the provider does not tell. */
  readonly displayName: string | undefined;
}

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
      /** What its person may do for the vendor; nothing if absent. */
      readonly roles?: readonly DeploymentRole[];
      /** How its person signed in; `undefined` where that is not told. */
      readonly signedIn?: SignedIn;
    }
  | {
      /** Signed in, without an account. */
      readonly kind: "person";
      readonly signedIn: SignedIn;
    };

/** What an account may do for a customer: everything that is the customer's, or look. */
export type CustomerRole = "ADMINISTRATOR" | "USER";

/** A caller without credentials. */
export const ANYONE: Principal = { kind: "anyone" };

/**
 * Whether the principal holds a permission. An installation holds every one that a rule
 * asks of installations: its scope is its own license, by its certificate. So does an account:
 * its scope is its customers, and its role at each is looked at where the customer is known. The
 * scope of a person without an account is what they do for themselves.
 */
export function holds(principal: Principal, permission: string): boolean {
  if (
    principal.kind === "installation" ||
    principal.kind === "account" ||
    principal.kind === "person"
  )
    return true;
  if (permission === "") return true;
  if (principal.kind === "anyone") return false;
  return principal.permissions.has(permission) || principal.permissions.has(EVERY_PERMISSION);
}

/** The principal in a log line: its kind and id. */
export function principalId(principal: Principal): string {
  if (principal.kind === "anyone") return "anyone";
  if (principal.kind === "installation") return principal.installation;
  if (principal.kind === "account") return principal.account;
  if (principal.kind === "person")
    return `person:${principal.signedIn.issuer} ${principal.signedIn.subject}`;
  return principal.kind === "service"
    ? `service:${principal.service}`
    : `administrator:${principal.subject}`;
}
