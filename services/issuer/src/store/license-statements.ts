import type { Uuid } from "@leasehold/kernel";
import { statement } from "@leasehold/store-kit";
import type { LicenseAction, LicenseState } from "../domain/license.ts";
import type { LicenseRow } from "./license-rows.ts";
import { sql } from "./sql.ts";

export const insertLicense = statement<
  never,
  readonly [
    id: Uuid,
    customer: Uuid,
    product: string,
    licenseeName: string,
    licenseeOrganization: string,
    model: string,
    seats: number,
    startTime: Date,
    endTime: Date,
    validityMs: number,
    graceMs: number,
    seatPolicy: string,
    createTime: Date,
    edition: string | null,
    editionRevision: bigint | null,
  ]
>(sql("insert_license"));

export const lockLicense = statement<{ readonly id: Uuid }, readonly [id: Uuid, customer: Uuid]>(
  sql("lock_license"),
);

export const findLicense = statement<LicenseRow, readonly [id: Uuid, customer: Uuid]>(
  sql("find_license"),
);

export const updateLicense = statement<
  never,
  readonly [
    id: Uuid,
    revision: bigint,
    state: LicenseState,
    seats: number,
    startTime: Date,
    endTime: Date,
    validityMs: number,
    graceMs: number,
    seatPolicy: string,
    updateTime: Date,
  ]
>(sql("update_license"));

export const deleteLicenseFeatures = statement<never, readonly [license: Uuid]>(
  sql("delete_license_features"),
);

export const insertLicenseFeatures = statement<
  never,
  readonly [
    license: Uuid,
    product: string,
    codes: readonly string[],
    limits: readonly (string | null)[],
    seats: readonly (number | null)[],
  ]
>(sql("insert_license_features"));

export const insertLicenseRevision = statement<
  never,
  readonly [
    license: Uuid,
    revision: bigint,
    at: Date,
    subject: string,
    action: LicenseAction,
    why: string,
    snapshot: string,
  ]
>(sql("insert_license_revision"));

export const advanceFeed = statement<{ readonly feed_revision: bigint }, readonly [license: Uuid]>(
  sql("advance_feed"),
);

/** A row of the feed; where nothing comes after the point, the head with nulls. */
export type FeedRow =
  | ({ readonly head: bigint; readonly feed_revision: bigint } & LicenseRow)
  | { readonly head: bigint; readonly feed_revision: null };

export const readFeed = statement<FeedRow, readonly [after: bigint, limit: number]>(
  sql("read_feed"),
);
