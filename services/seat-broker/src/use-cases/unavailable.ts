import type { Problem } from "@leasehold/kernel";
import * as problems from "../domain/seat-problems.ts";
import type { Unavailable } from "./ports.ts";

/** Why there will be no lease by an id, as its client is told. */
export function unavailable(outcome: Unavailable): Problem {
  switch (outcome.kind) {
    case "released":
      return problems.leaseReleased();
    case "expired":
      return problems.leaseExpired();
    case "lease-revoked":
      return problems.leaseRevoked();
    case "suspended":
      return problems.licenseSuspended();
    case "revoked":
      return problems.licenseRevoked();
    case "not-started":
      return problems.licenseNotStarted(outcome.startTime);
    case "ended":
      return problems.licenseExpired(outcome.endTime);
    default:
      return outcome satisfies never;
  }
}
