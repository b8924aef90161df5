import { Problem } from "@leasehold/kernel";
import { IDENTITIES_MAX } from "./account.ts";

/** There is no such account. */
export function accountNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such account" });
}

/** An account has this identity; which one is not told. */
export function identityTaken(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "an account has this identity" });
}

/** The account does not have this identity. */
export function identityNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "the account does not have this identity" });
}

/** The account has no other way to sign in. */
export function lastIdentity(): Problem {
  return new Problem("LAST_IDENTITY", { message: "the account has no other way to sign in" });
}

/** The account has as many identities as it may. */
export function identityLimitReached(): Problem {
  return new Problem("LIMIT_REACHED", {
    message: "the account has as many identities as it may",
    metadata: { limit: String(IDENTITIES_MAX) },
  });
}

/** The customer's administrators alone may do this. */
export function administratorsOnly(): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: "administrators of the customer may do this alone",
  });
}

/** The account does not act for the customer. */
export function membershipNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "the account does not act for the customer" });
}
