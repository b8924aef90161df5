import { LicenseState, type seatBroker } from "@leasehold/contracts";
import type { LicenseFacts } from "./license-facts.ts";

const STATES = {
  [LicenseState.UNSPECIFIED]: undefined,
  [LicenseState.ACTIVE]: "active",
  [LicenseState.SUSPENDED]: "suspended",
  [LicenseState.REVOKED]: "revoked",
} as const satisfies Record<LicenseState, LicenseFacts["state"] | undefined>;

/** Whether facts that were just told are news: of a newer revision, or of a pool drained or resumed. */
export function isNews(told: LicenseFacts, known: LicenseFacts): boolean {
  if (told.revision !== known.revision) return told.revision > known.revision;
  return told.drained !== known.drained;
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
