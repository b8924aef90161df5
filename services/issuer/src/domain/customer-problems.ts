import { Problem } from "@leasehold/kernel";

/** The customer is a customer no more. */
export function customerClosed(): Problem {
  return new Problem("CUSTOMER_CLOSED", { message: "the customer is closed" });
}

/** The customer has a license that is neither revoked nor over. */
export function customerInUse(): Problem {
  return new Problem("CUSTOMER_IN_USE", {
    message: "the customer has a license that is neither revoked nor over",
  });
}

/** Somebody else changed the customer since the caller saw it. */
export function customerRevisionConflict(current: bigint): Problem {
  return new Problem("REVISION_CONFLICT", {
    message: "the customer changed since",
    metadata: { revision: String(current) },
  });
}
