import type { Uuid } from "@leasehold/kernel";
import type { VersionRange } from "@leasehold/license-format";
import type { License, LicenseAction, LicenseRef, LicenseState } from "../domain/license.ts";
import { ANYWHERE, type InstallationPolicy } from "../domain/installation-policy.ts";
import type { LicenseRevision } from "../domain/license-revision.ts";
import type {
  ChangePolicy,
  FeatureGrant,
  LicenseModel,
  LicenseTerms,
} from "../domain/license-terms.ts";
import { OPEN_POLICY, type SeatPolicy } from "../domain/seat-policy.ts";
import { decodePlainData } from "./plain-data.ts";

/** A row of the view `license_with_features`. */
export interface LicenseRow {
  readonly id: Uuid;
  readonly customer_id: Uuid;
  readonly product_id: string;
  readonly revision: bigint;
  readonly state: LicenseState;
  readonly licensee_name: string;
  readonly licensee_organization: string;
  readonly model: LicenseModel;
  readonly trial: boolean;
  readonly seats: number;
  readonly start_time: Date;
  readonly end_time: Date;
  readonly maintenance_end_time: Date | null;
  readonly oldest_version: string | null;
  readonly newest_version: string | null;
  readonly validity_ms: number;
  readonly grace_ms: number;
  readonly change_policy: ChangePolicy;
  readonly create_time: Date;
  readonly update_time: Date;
  readonly features: readonly {
    readonly feature: string;
    readonly limit: string | null;
    readonly seats: number | null;
  }[];
  readonly seat_policy: SeatPolicy;
  readonly installation_policy: InstallationPolicy;
  readonly resource_limit: number | null;
  readonly transferred_from: Uuid | null;
  readonly transferred_from_customer: Uuid | null;
  readonly transferred_to: Uuid | null;
  readonly transferred_to_customer: Uuid | null;
  /** Null, as its revision, for a license that was issued by none. */
  readonly edition_id: string | null;
  readonly edition_revision: bigint | null;
}

/** A row of the table `license_revision`. */
export interface RevisionRow {
  readonly revision: bigint;
  readonly subject: string;
  readonly why: string;
  readonly action: LicenseAction;
  readonly snapshot: unknown;
}

/** The revision that a row holds. Those of before some terms were known lack them. */
export function revisionFromRow({ snapshot, subject, why, action }: RevisionRow): LicenseRevision {
  const license = decodePlainData(JSON.stringify(snapshot)) as License;
  const terms = { ...TERMS_OF_BEFORE, ...license.terms };
  return { license: { ...license, terms }, subject, why, action };
}

/** What a license had before it was written down. */
const TERMS_OF_BEFORE = {
  trial: false,
  changePolicy: "LIVE",
  seatPolicy: OPEN_POLICY,
  installationPolicy: ANYWHERE,
} as const satisfies Partial<LicenseTerms>;

/** The license that a row holds. */
export function licenseFromRow(row: LicenseRow): License {
  return {
    id: row.id,
    customerId: row.customer_id,
    revision: row.revision,
    state: row.state,
    productId: row.product_id,
    ...editionOf(row),
    licensee: { name: row.licensee_name, organization: row.licensee_organization },
    terms: {
      model: row.model,
      trial: row.trial,
      seats: row.seats,
      features: row.features.map(featureGrant),
      startTime: row.start_time.getTime(),
      endTime: row.end_time.getTime(),
      maintenanceEndTime: row.maintenance_end_time?.getTime(),
      versions: versionRange(row),
      leaseTimes: { validityMs: row.validity_ms, graceMs: row.grace_ms },
      changePolicy: row.change_policy,
      seatPolicy: row.seat_policy,
      installationPolicy: row.installation_policy,
      ...(row.resource_limit === null ? {} : { resources: row.resource_limit }),
    },
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
    transferredFrom: licenseRef(row.transferred_from_customer, row.transferred_from),
    transferredTo: licenseRef(row.transferred_to_customer, row.transferred_to),
  };
}

function licenseRef(customerId: Uuid | null, id: Uuid | null): LicenseRef | undefined {
  return customerId === null || id === null ? undefined : { customerId, id };
}

function versionRange({ oldest_version, newest_version }: LicenseRow): VersionRange | undefined {
  if (oldest_version === null && newest_version === null) return undefined;
  return {
    ...(oldest_version !== null && { oldest: oldest_version }),
    ...(newest_version !== null && { newest: newest_version }),
  };
}

function editionOf({ edition_id: id, edition_revision: revision }: LicenseRow) {
  return id === null || revision === null ? {} : { edition: { id, revision } };
}

function featureGrant({ feature, limit, seats }: LicenseRow["features"][number]): FeatureGrant {
  return {
    feature,
    ...(limit === null ? {} : { limit: BigInt(limit) }),
    ...(seats === null ? {} : { seats }),
  };
}
