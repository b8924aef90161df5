import { ChangePolicy as ToldPolicy, LicenseState, type seatBroker } from "@leasehold/contracts";
import type { ChangePolicy, LicenseFacts } from "./license-facts.ts";

const STATES = {
  [LicenseState.UNSPECIFIED]: undefined,
  [LicenseState.ACTIVE]: "active",
  [LicenseState.SUSPENDED]: "suspended",
  [LicenseState.REVOKED]: "revoked",
} as const satisfies Record<LicenseState, LicenseFacts["state"] | undefined>;

/** How a change reaches the application; one that this version does not know is applied at once. */
export function policyOfChange({ terms }: seatBroker.LicenseChanged): ChangePolicy {
  return terms?.changePolicy === ToldPolicy.RESTART_REQUIRED ? "restart-required" : "live";
}

/** What a seat-broker tells of a license; `undefined` if it tells less than the contract asks. */
export function factsFromChange(change: seatBroker.LicenseChanged): LicenseFacts | undefined {
  const { license, revision, drained, terms } = change;
  const state = STATES[change.state];
  if (!terms?.startTime || !terms.endTime || state === undefined) return undefined;
  return {
    license,
    revision,
    state,
    drained,
    seats: terms.seats,
    features: new Map(terms.features.map(({ feature, limit }) => [feature, limit])),
    startTime: terms.startTime.getTime(),
    endTime: terms.endTime.getTime(),
  };
}
