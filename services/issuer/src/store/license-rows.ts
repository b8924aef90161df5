import type { Uuid } from "@leasehold/kernel";
import type { License, LicenseState } from "../domain/license.ts";
import type { FeatureGrant, LicenseModel } from "../domain/license-terms.ts";
import type { SeatPolicy } from "../domain/seat-policy.ts";

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
  readonly seats: number;
  readonly start_time: Date;
  readonly end_time: Date;
  readonly validity_ms: number;
  readonly grace_ms: number;
  readonly create_time: Date;
  readonly update_time: Date;
  readonly features: readonly {
    readonly feature: string;
    readonly limit: string | null;
    readonly seats: number | null;
  }[];
  readonly seat_policy: SeatPolicy;
  /** Null, as its revision, for a license that was issued by none. */
  readonly edition_id: string | null;
  readonly edition_revision: bigint | null;
}

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
      seats: row.seats,
      features: row.features.map(featureGrant),
      startTime: row.start_time.getTime(),
      endTime: row.end_time.getTime(),
      leaseTimes: { validityMs: row.validity_ms, graceMs: row.grace_ms },
      seatPolicy: row.seat_policy,
    },
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
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
