import {
  issuer,
  LicenseModel,
  LicenseState,
  LicenseTerms,
  type PartialMessage,
  type SeatPolicy,
  type SharingPolicy,
} from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(systemClock.now() / DAY_MS) * DAY_MS;

/** A policy that says something in every field, in one of them what only a newer contract knows. */
export const POLICY: SeatPolicy = {
  sharing: 99 as SharingPolicy,
  overdraft: 2,
  offlineDays: 14,
  groups: [
    {
      group: "designers",
      users: ["ada", "Zoë"],
      hosts: ["forge"],
      installations: ["installations/0190a000-0000-7000-8000-000000000002"],
      reservedSeats: 1,
      priority: 7,
    },
    { group: "guests", users: [], hosts: [], installations: [], reservedSeats: 0, priority: 0 },
  ],
  includeGroups: ["designers", "guests"],
  excludeGroups: ["guests"],
};

/** The product of the licenses, with whatever the test cares about. */
export function issuedProduct(given: PartialMessage<issuer.Product> = {}): issuer.Product {
  return issuer.Product.fromPartial({
    name: "products/studio",
    displayName: "Studio",
    features: [
      { code: "dataflow", displayName: "Data flow" },
      { code: "diagrams", displayName: "Diagrams" },
    ],
    salesContact: "studio-sales@example.com",
    helpContact: "https://help.example.com",
    ...given,
  });
}

/** Terms of a license that is valid since yesterday, for a year. */
export function issuedTerms(given: Partial<LicenseTerms> = {}): LicenseTerms {
  return LicenseTerms.fromPartial({
    model: LicenseModel.FLOATING,
    seats: 3,
    features: [
      { feature: "dataflow", limit: undefined },
      { feature: "diagrams", limit: 200n },
    ],
    startTime: new Date(TODAY - DAY_MS),
    endTime: new Date(TODAY + 365 * DAY_MS),
    ...given,
  });
}

/** A license of Ada Lovelace's at Acme with 3 seats, valid since yesterday, for a year. */
export function issuedLicense(
  id: string,
  revision: bigint,
  given: Partial<issuer.License> = {},
): issuer.License {
  return issuer.License.fromPartial({
    name: `customers/acme/licenses/${id}`,
    revision,
    state: LicenseState.ACTIVE,
    product: "products/studio",
    licensee: { name: "Ada Lovelace", organization: "Acme" },
    terms: issuedTerms(),
    ...given,
  });
}
