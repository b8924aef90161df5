import { isProblem, Problem } from "@leasehold/kernel";
import { retryAfterMs } from "./retry-after.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import type { UncoveredVersion } from "./version-rules.ts";

/** Somebody has to resume a drained pool; there is no hurry in asking again. */
const DRAINED_RETRY_MS = 10_000;
/** A broker with too much to do has done it, or needs others to stay away for longer. */
const OVERLOAD_RETRY_MS = 500;
/** Some of those who stay have to leave first. */
const CROWDED_RETRY_MS = 5_000;
/** Another broker is there at once; the same one may be back in a few seconds. */
const LEAVING_RETRY_MS = 200;

/** No such license, or not the caller's. */
export function licenseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such license" });
}

/** The resource is not bound to the caller's license, or that has no seats but of resources. */
export function resourceNotLicensed(): Problem {
  return new Problem("RESOURCE_NOT_LICENSED", {
    message: "the license has no seats of this",
  });
}

/** The customer's administrators alone may do this. */
export function administratorsOnly(): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: "administrators of the customer may do this alone",
  });
}

/** No such lease, or it is over. */
export function leaseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such lease is live" });
}

/** Every seat, or every one of a feature, is taken or waited for; the next lease runs out in so many milliseconds unless renewed. */
export function noSeats(nextInMs: number, feature?: string): Problem {
  return new Problem("NO_SEATS", {
    message: feature === undefined ? "every seat is taken" : `every seat of ${feature} is taken`,
    metadata: feature === undefined ? {} : { feature },
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

/** The installation is disabled, or over. */
export function installationDisabled(): Problem {
  return new Problem("INSTALLATION_DISABLED", { message: "the installation is disabled" });
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
  return new Problem("DRAINING", {
    message: "the server is going away",
    retryAfterMs: LEAVING_RETRY_MS,
  });
}

/** The broker, or its Redis, has too much to do for anybody new. */
export function overloaded(): Problem {
  return new Problem("OVERLOADED", {
    message: "too many ask for seats",
    retryAfterMs: OVERLOAD_RETRY_MS,
  });
}

/** The broker has as many streams or waiters as it bears. */
export function brokerFull(of: "streams" | "waiters"): Problem {
  return new Problem("OVERLOADED", {
    message: `the server has too many ${of}`,
    retryAfterMs: CROWDED_RETRY_MS,
  });
}

/** The installation has as many streams or waiters at the broker as one may have. */
export function tooManyOfInstallation(of: "streams" | "waiters"): Problem {
  return new Problem("RATE_LIMITED", {
    message: `the installation has too many ${of}`,
    retryAfterMs: CROWDED_RETRY_MS,
  });
}

/** What was thrown; a problem that may pass asks to come back when the schedule has room. */
export function scheduled(thrown: unknown, schedule: RetrySchedule): unknown {
  if (!isProblem(thrown)) return thrown;
  const { reason, message, metadata, violations, cause } = thrown;
  // Of what a store does nothing is known, but all who need it come back at the same moment.
  const unknownMs = reason === "DEPENDENCY_UNAVAILABLE" ? OVERLOAD_RETRY_MS : undefined;
  const leastMs = thrown.retryAfterMs ?? unknownMs;
  if (leastMs === undefined) return thrown;
  const retryAfterMs = schedule(leastMs);
  return new Problem(reason, { message, metadata, violations, cause, retryAfterMs });
}

/** The seat policy of the license has no seat for the holder. */
export function holderExcluded(): Problem {
  return new Problem("HOLDER_EXCLUDED", {
    message: "the license has no seats for this user, host or installation",
  });
}

/** The license names its users, and the holder's is not among them. */
export function userNotNamed(): Problem {
  return new Problem("USER_NOT_NAMED", { message: "the license does not name this user" });
}

/** The license does not unlock a feature. */
export function featureNotLicensed(feature: string): Problem {
  return new Problem("FEATURE_NOT_LICENSED", {
    message: `the license does not unlock ${feature}`,
    metadata: { feature },
  });
}

/** The license, or its product, does not cover a version; an end that is open is not told. */
export function versionNotCovered({ part, version, range }: UncoveredVersion): Problem {
  return new Problem("VERSION_NOT_COVERED", {
    message: `the version of the ${part} is not covered: another one is to be installed`,
    metadata: { update: part, version, ...range },
  });
}

/** The lease was taken back. */
export function leaseRevoked(): Problem {
  return new Problem("LEASE_REVOKED", { message: "the seat was taken back" });
}

/** Nobody is admitted until the pool is resumed; when that will be is not known. */
export function poolDrained(): Problem {
  return new Problem("POOL_DRAINED", {
    message: "the pool is drained",
    retryAfterMs: DRAINED_RETRY_MS,
  });
}

/** The token is forged, mutated or of another lease. */
export function leaseTokenInvalid(): Problem {
  return new Problem("LEASE_TOKEN_INVALID", { message: "the token is not of this lease" });
}

/** @param offlineDays for how many days a seat may be borrowed; 0: not at all */
export function borrowRefused(offlineDays: number): Problem {
  return new Problem("BORROW_REFUSED", {
    message:
      offlineDays === 0
        ? "seats of the license cannot be borrowed"
        : `seats of the license can be borrowed for ${offlineDays} days at most`,
    metadata: { offline_days: String(offlineDays) },
  });
}
