import { Problem } from "@leasehold/kernel";

/** Key, name, organization and product do not unlock the site's license; which is wrong is not told. */
export function unlockRefused(): Problem {
  return new Problem("UNLOCK_REFUSED", { message: "this does not unlock a license" });
}

/** The site has not heard of its license yet. */
export function licenseUnknown(): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", {
    message: "the site has not reached its vendor yet",
  });
}

/** The license is none that a site may hand out. */
export function siteRefused(): Problem {
  return new Problem("SITE_REFUSED", {
    message: "the license may not be used by a site server",
  });
}

export function licenseSuspended(): Problem {
  return new Problem("LICENSE_SUSPENDED", { message: "the license is suspended" });
}

export function licenseNotStarted(startTime: number): Problem {
  return new Problem("LICENSE_NOT_STARTED", {
    message: "the license has not begun",
    metadata: { start_time: new Date(startTime).toISOString() },
  });
}

export function licenseExpired(endTime: number): Problem {
  return new Problem("LICENSE_EXPIRED", {
    message: "the license is over",
    metadata: { end_time: new Date(endTime).toISOString() },
  });
}

/** The service has no file for the exchange log. */
export function noExchangeLog(): Problem {
  return new Problem("STATE_CONFLICT", {
    message: "no file is set for the exchange log",
    metadata: { state: "NO_FILE" },
  });
}

/** The site's directory holds no installation yet. */
export function siteNotUnlocked(): Problem {
  return new Problem("UNAUTHENTICATED", { message: "the site is not unlocked" });
}

/** What the vendor signed for the site does not verify. */
export function siteUnproven(fault: string): Problem {
  return new Problem("UNAUTHENTICATED", {
    message: "what the vendor signed does not verify",
    metadata: { fault },
  });
}
