import { LicenseState, type seatBroker } from "@leasehold/contracts";
import type { LicenseFacts } from "./license-facts.ts";

const STATES = {
  [LicenseState.UNSPECIFIED]: undefined,
  [LicenseState.ACTIVE]: "active",
  [LicenseState.SUSPENDED]: "suspended",
  [LicenseState.REVOKED]: "revoked",
} as const satisfies Record<LicenseState, LicenseFacts["state"] | undefined>;

/** What a seat-broker tells of a license; `undefined` if it tells less than the contract asks. */
export function factsFromChange(change: seatBroker.LicenseChanged): LicenseFacts | undefined {
  const { license, revision, terms } = change;
  const state = STATES[change.state];
  if (!terms?.startTime || !terms.endTime || state === undefined) return undefined;
  return {
    license,
    revision,
    state,
    seats: terms.seats,
    features: new Map(terms.features.map(({ feature, limit }) => [feature, limit])),
    startTime: terms.startTime.getTime(),
    endTime: terms.endTime.getTime(),
  };
}
