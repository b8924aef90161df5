import {
  LicenseTerms as LicenseTermsMessage,
  msFromDuration,
  SeatPolicy,
  LicenseModel,
  LicenseState,
  type seatBroker,
} from "@leasehold/contracts";
import type { LicenseClaims } from "@leasehold/license-format";
import type { LicenseTerms } from "../domain/license-facts.ts";
import type { SiteLicense } from "../domain/site-license.ts";

const STATES = [
  "ACTIVE",
  "SUSPENDED",
  "REVOKED",
] as const satisfies readonly SiteLicense["state"][];
const MODELS = [
  "FLOATING",
  "NAMED_MACHINE",
  "NAMED_USER",
  "RESOURCE",
] as const satisfies readonly LicenseTerms["model"][];

/**
 * What the vendor tells of a license on the stream, with what only its certificate says.
 * @throws Error if it lacks what every license has
 */
export function siteLicenseOf(
  change: seatBroker.LicenseChanged,
  certificate: LicenseClaims,
): SiteLicense {
  const { license, terms } = change;
  const state = STATES.find((known) => LicenseState[known] === change.state);
  if (!terms || state === undefined) throw new Error(`the vendor's ${license} is not understood`);
  const { trial, maintenanceEndTime, versions, virtualMachines } = certificate.terms;
  return {
    license,
    product: certificate.product,
    licensee: certificate.licensee,
    state,
    terms: siteTermsOf(terms, license),
    offlineDays: terms.seatPolicy?.offlineDays ?? 0,
    certified: {
      ...(trial && { trial }),
      ...(maintenanceEndTime !== undefined && { maintenanceEndTime }),
      ...(versions && { versions }),
      ...(virtualMachines !== undefined && { virtualMachines }),
    },
  };
}

function siteTermsOf(terms: LicenseTermsMessage, license: string): LicenseTerms {
  const { startTime, endTime, leaseTimes, seatPolicy } = terms;
  const model = MODELS.find((known) => LicenseModel[known] === terms.model);
  if (!startTime || !endTime || !leaseTimes?.validity || !leaseTimes.grace || model === undefined)
    throw new Error(`the terms of the vendor's ${license} are not understood`);
  return {
    model,
    seats: terms.seats,
    features: terms.features.map(({ feature, limit, seats }) => ({
      feature,
      ...(limit === undefined ? {} : { limit }),
      ...(seats === undefined ? {} : { seats }),
    })),
    startTime: startTime.getTime(),
    endTime: endTime.getTime(),
    leaseTimes: {
      validityMs: msFromDuration(leaseTimes.validity),
      graceMs: msFromDuration(leaseTimes.grace),
    },
    // The vendor's overdraft is the vendor's to grant: a site hands out what it holds, and no more.
    seatPolicy: SeatPolicy.encode(
      SeatPolicy.fromPartial(
        seatPolicy ? { sharing: seatPolicy.sharing, offlineDays: seatPolicy.offlineDays } : {},
      ),
    ).finish(),
    passedTerms: passedTermsOf(terms),
  };
}

/**
 * Further terms, save two: a site's terms change with each extension, so that clients would be
 * asked to start again for nothing; and where it may be unlocked was looked at when the site was.
 */
function passedTermsOf({ trial, maintenanceEndTime, versions }: LicenseTermsMessage): Uint8Array {
  const none = LicenseTermsMessage.fromPartial({});
  return LicenseTermsMessage.encode({ ...none, trial, maintenanceEndTime, versions }).finish();
}
