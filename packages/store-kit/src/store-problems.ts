import { Problem } from "@leasehold/kernel";

/** Postgres cannot be reached, or cannot do the work now. */
export function postgresUnavailable(cause: unknown): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the database is unavailable", cause });
}

/** Redis cannot be reached, or cannot do the work now. Whether a command ran is unknown. */
export function redisUnavailable(cause: unknown): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the seat store is unavailable", cause });
}

/** The request id belongs to a call of another method or with another body. */
export function requestIdReused(): Problem {
  return new Problem("REQUEST_ID_REUSED", {
    message: "the request id was used before for another request",
  });
}

/** A call with this request id is being carried out, and did not end while this one waited. */
export function requestInFlight(cause?: unknown): Problem {
  return new Problem("REQUEST_IN_FLIGHT", {
    message: "a call with this request id is still being carried out",
    retryAfterMs: 500,
    cause,
  });
}
