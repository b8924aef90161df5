import { Problem } from "@leasehold/kernel";
import { retryAfterMs } from "./retry-after.ts";

/** No such license, or not the caller's. */
export function licenseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such license" });
}

/** Every seat is taken or waited for; the next lease runs out in so many milliseconds unless renewed. */
export function noSeats(nextInMs: number): Problem {
  return new Problem("NO_SEATS", {
    message: "every seat is taken",
    retryAfterMs: retryAfterMs(nextInMs),
  });
}

/** Nobody new is admitted for so many milliseconds, or until the pool has been looked at again. */
export function recovering(endsInMs: number): Problem {
  return new Problem("RECOVERING", {
    message: "the pool is being recovered",
    retryAfterMs: retryAfterMs(endsInMs),
  });
}

/** The lease ran out. */
export function leaseExpired(): Problem {
  return new Problem("LEASE_EXPIRED", { message: "the lease has expired" });
}

/** The lease was given back, or cancelled before it was granted. */
export function leaseReleased(): Problem {
  return new Problem("LEASE_RELEASED", { message: "the lease was released" });
}

/** Another installation holds a lease with this id. */
export function leaseIdTaken(): Problem {
  return new Problem("LEASE_ID_TAKEN", { message: "the lease id is in use by another holder" });
}

/** The license is suspended. */
export function licenseSuspended(): Problem {
  return new Problem("LICENSE_SUSPENDED", { message: "the license is suspended" });
}

/** The license is revoked. */
export function licenseRevoked(): Problem {
  return new Problem("LICENSE_REVOKED", { message: "the license is revoked" });
}

/** The license begins later. @param startTime in milliseconds since 1970 */
export function licenseNotStarted(startTime: number): Problem {
  return new Problem("LICENSE_NOT_STARTED", {
    message: "the license has not begun",
    metadata: { start_time: new Date(startTime).toISOString() },
  });
}

/** The license is over. @param endTime in milliseconds since 1970 */
export function licenseExpired(endTime: number): Problem {
  return new Problem("LICENSE_EXPIRED", {
    message: "the license is over",
    metadata: { end_time: new Date(endTime).toISOString() },
  });
}

/** The broker is going away: wait at another one. */
export function brokerLeaves(): Problem {
  return new Problem("DRAINING", { message: "the server is going away" });
}
