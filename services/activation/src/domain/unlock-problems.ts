import { Problem } from "@leasehold/kernel";
import type { UnmetCondition } from "./unlock-conditions.ts";
import type { VersionRange } from "@leasehold/license-format";

/**
 * Key, name, organization and product do not unlock a license together. But for the reference the
 * same to the byte whichever is wrong.
 * @param reference what the vendor finds the cause by
 */
export function unlockRefused(reference: string, cause: Problem): Problem {
  return new Problem("UNLOCK_REFUSED", {
    message: "this does not unlock a license",
    metadata: { support_reference: reference },
    cause,
  });
}

/** Too many tries, or too many that failed. */
export function triesExhausted(retryAfterMs: number): Problem {
  return new Problem("RATE_LIMITED", {
    message: "too many tries to unlock",
    retryAfterMs,
  });
}

type Unmet<Kind extends UnmetCondition["kind"]> = Extract<UnmetCondition, { readonly kind: Kind }>;

const PROBLEMS: {
  readonly [Kind in UnmetCondition["kind"]]: (condition: Unmet<Kind>) => Problem;
} = {
  revoked: () => new Problem("LICENSE_REVOKED", { message: "the license is revoked" }),
  suspended: () => new Problem("LICENSE_SUSPENDED", { message: "the license is suspended" }),
  "not-started": ({ startTime }) =>
    new Problem("LICENSE_NOT_STARTED", {
      message: "the license has not begun",
      metadata: { start_time: iso(startTime) },
    }),
  expired: ({ endTime }) =>
    new Problem("LICENSE_EXPIRED", {
      message: "the license is over",
      metadata: { end_time: iso(endTime) },
    }),
  version: ({ version, range }) =>
    new Problem("VERSION_NOT_COVERED", {
      message: "the license or the product is for other versions",
      metadata: { version, ...ends(range) },
    }),
  maintenance: ({ version, maintenanceEndTime }) =>
    new Problem("VERSION_NOT_COVERED", {
      message: "the version was released after the license's maintenance ended",
      metadata: { version, maintenance_end_time: iso(maintenanceEndTime) },
    }),
  place: ({ place }) =>
    new Problem("PLACE_REFUSED", {
      message: `the license may not be unlocked from this ${place}`,
      metadata: { place },
    }),
  "virtual-machine": ({ limit, machine }) =>
    new Problem("VIRTUAL_MACHINE_REFUSED", {
      message:
        limit === 0
          ? "the license may not be unlocked on virtual machines"
          : "the license may not be unlocked on a further virtual machine",
      metadata: { limit: String(limit), ...(machine === "unknown" && { evidence: "missing" }) },
    }),
  installations: ({ limit }) =>
    new Problem("INSTALLATION_LIMIT", {
      message: "the license has as many installations as it may have",
      metadata: { limit: String(limit) },
    }),
};

/** Why the license cannot be unlocked, to a caller who has proven to know the key. */
export function conditionUnmet(condition: UnmetCondition): Problem {
  const problem = PROBLEMS[condition.kind] as (condition: UnmetCondition) => Problem;
  return problem(condition);
}

function ends({ oldest = "", newest = "" }: VersionRange): Record<string, string> {
  return { oldest, newest };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
