import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { LicenseAction, LicenseState } from "../domain/license.ts";
import type { LicenseField, RevisionField } from "../domain/license-list.ts";
import type { VersionPolicy } from "../domain/product.ts";
import type { LicenseRow, RevisionRow } from "./license-rows.ts";
import { sql } from "./sql.ts";

/** The terms that an amendment may change, features aside, in the order of the statements. */
export type TermValues = readonly [
  seats: number,
  startTime: Date,
  endTime: Date,
  maintenanceEndTime: Date | null,
  oldestVersion: string | null,
  newestVersion: string | null,
  validityMs: number,
  graceMs: number,
  changePolicy: string,
  seatPolicy: string,
  installationPolicy: string,
  resources: number | null,
];

export const insertLicense = statement<
  never,
  readonly [
    id: Uuid,
    customer: Uuid,
    product: string,
    licenseeName: string,
    licenseeOrganization: string,
    state: LicenseState,
    model: string,
    trial: boolean,
    edition: string | null,
    editionRevision: bigint | null,
    transferredFrom: Uuid | null,
    createTime: Date,
    ...terms: TermValues,
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
    transferredTo: Uuid | null,
    updateTime: Date,
    ...terms: TermValues,
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
  | ({
      readonly head: bigint;
      readonly feed_revision: bigint;
      readonly product_revision: bigint;
      readonly version_policy: VersionPolicy;
      readonly customer_revision: bigint;
      readonly customer_resources: number | null;
    } & LicenseRow)
  | { readonly head: bigint; readonly feed_revision: null };

export const readFeed = statement<FeedRow, readonly [after: bigint, limit: number]>(
  sql("read_feed"),
);

export const readFeedHead = statement<{ readonly head: bigint }, readonly []>(
  sql("read_feed_head"),
);

export const listLicenses = listStatement<
  LicenseRow,
  readonly [customer: Uuid | null],
  LicenseField
>(sql("list_licenses"), {
  columns: {
    product: "product_id",
    edition: { nullable: "product_id || '/' || edition_id" },
    state: "state",
    model: "model",
    seats: "seats",
    trial: "trial",
    "licensee.name": "licensee_name",
    "licensee.organization": "licensee_organization",
    start_time: "start_time",
    end_time: "end_time",
    create_time: "create_time",
    update_time: "update_time",
  },
  key: "id",
});

export const listRevisions = listStatement<
  RevisionRow,
  readonly [license: Uuid, customer: Uuid],
  RevisionField
>(sql("list_license_revisions"), { columns: { revision: "revision" }, key: "revision" });

export const findRevision = statement<
  RevisionRow,
  readonly [license: Uuid, customer: Uuid, revision: bigint | null]
>(sql("find_license_revision"));
