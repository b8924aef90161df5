import { isProblem, type Problem } from "@leasehold/kernel";
import type { AskEnd, BrokerCounts, CountedCause } from "./broker-counts.ts";

const CAUSE_OF: Readonly<Partial<Record<Problem["reason"], CountedCause>>> = {
  NO_SEATS: "FULL",
  POOL_DRAINED: "DRAINED",
  HOLDER_EXCLUDED: "HOLDER_EXCLUDED",
  USER_NOT_NAMED: "HOLDER_EXCLUDED",
  FEATURE_NOT_LICENSED: "FEATURE_NOT_LICENSED",
  VERSION_NOT_COVERED: "VERSION_NOT_COVERED",
  INSTALLATION_DISABLED: "INSTALLATION_DISABLED",
  RESOURCE_NOT_LICENSED: "RESOURCE_NOT_LICENSED",
  LICENSE_SUSPENDED: "LICENSE_SUSPENDED",
  LICENSE_REVOKED: "LICENSE_REVOKED",
  LICENSE_NOT_STARTED: "LICENSE_NOT_STARTED",
  LICENSE_EXPIRED: "LICENSE_EXPIRED",
};

/** What keeps the broker from deciding. A pool that recovers does too, though it is promised to. */
const FAILURES: ReadonlySet<Problem["reason"]> = new Set([
  "OVERLOADED",
  "RECOVERING",
  "DEPENDENCY_UNAVAILABLE",
  "DRAINING",
  "INTERNAL",
]);

/** Counts how it ends that somebody asks for a seat. */
export async function countAsked<Granted extends { readonly overdraft: boolean }>(
  counts: Pick<BrokerCounts, "asked">,
  ask: () => Promise<Granted>,
): Promise<Granted> {
  try {
    const granted = await ask();
    counts.asked({ kind: "granted", overdraft: granted.overdraft });
    return granted;
  } catch (error) {
    counts.asked(endOf(error));
    throw error;
  }
}

function endOf(error: unknown): AskEnd {
  if (!isProblem(error)) return { kind: "failed" };
  if (error.reason === "NO_SEATS" && error.metadata["feature"] !== undefined)
    return { kind: "denied", cause: "FEATURE_FULL" };
  const cause = CAUSE_OF[error.reason];
  if (cause !== undefined) return { kind: "denied", cause };
  return { kind: FAILURES.has(error.reason) ? "failed" : "refused" };
}
