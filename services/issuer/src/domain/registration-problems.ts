import { Problem } from "@leasehold/kernel";
import { ADMINISTERED_MAX } from "./registration.ts";

/** The provider does not vouch for the person's email address. */
export function emailNotVerified(): Problem {
  return new Problem("EMAIL_NOT_VERIFIED", {
    message: "the identity provider does not vouch for the email address",
  });
}

/** The vendor creates customers alone. */
export function registrationClosed(): Problem {
  return new Problem("PERMISSION_DENIED", { message: "customers are created by the vendor alone" });
}

/** The account is administrator of as many customers as it may create. */
export function customerLimitReached(): Problem {
  return new Problem("LIMIT_REACHED", {
    message: "the account is administrator of as many customers as it may create",
    metadata: { limit: String(ADMINISTERED_MAX) },
  });
}
