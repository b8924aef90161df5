import { Problem } from "@leasehold/kernel";

/** The issuer cannot be reached, or cannot answer now. */
export function issuerUnavailable(cause: Problem): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", {
    message: "the issuer is unavailable",
    ...(cause.retryAfterMs === undefined ? {} : { retryAfterMs: cause.retryAfterMs }),
    cause,
  });
}
