import { listStatement, type Statement, statement } from "@leasehold/store-kit";
import type { Uuid } from "@leasehold/kernel";
import type { ResourceField } from "../domain/resource-list.ts";
import type { EntitlementRow } from "./statements.ts";

const file = (name: string): URL => new URL(`../../sql/${name}.sql`, import.meta.url);
const sql = <Row, Params extends readonly unknown[]>(name: string): Statement<Row, Params> =>
  statement(file(name));

/** A row of `resource`, without what only its pool needs. */
export interface ResourceRow {
  readonly id: Uuid;
  readonly customer: string;
  readonly external_id: string;
  readonly display_name: string;
  readonly kind: string;
  readonly license: string | null;
  readonly create_time: Date;
  readonly update_time: Date;
}

/** A row of `customer`. */
export interface CustomerRow {
  readonly name: string;
  readonly revision: bigint;
  readonly resource_limit: number | null;
}

/** A row of `feature_count`. */
export interface CountRow {
  readonly feature: string;
  readonly count: bigint;
  readonly sequence: bigint;
  readonly update_time: Date;
}

export const keepCustomer = sql<
  never,
  readonly [name: string, revision: bigint, resources: number | null]
>("keep_customer");

export const findCustomer = sql<CustomerRow, readonly [name: string]>("find_customer");

export const findEntitlement = sql<EntitlementRow, readonly [license: string]>("find_entitlement");

export const findResource = sql<ResourceRow, readonly [customer: string, id: Uuid]>(
  "find_resource",
);

export const findLicensedResource = sql<
  ResourceRow,
  readonly [customer: string, id: Uuid, now: Date]
>("find_licensed_resource");

export const listResources = listStatement<
  ResourceRow,
  readonly [customer: string, licensedAt: Date | null],
  ResourceField
>(file("list_resources"), {
  columns: {
    external_id: "external_id",
    display_name: "display_name",
    kind: "kind",
    license: { nullable: "license" },
    create_time: "create_time",
  },
  key: "id",
});

export const registerResources = sql<
  { readonly external_id: string },
  readonly [
    customer: string,
    ids: readonly Uuid[],
    externalIds: readonly string[],
    displayNames: readonly string[],
    kinds: readonly string[],
    now: Date,
  ]
>("register_resources");

export const findResourcesByExternalId = sql<
  ResourceRow,
  readonly [customer: string, externalIds: readonly string[]]
>("find_resources_by_external_id");

export const renameResource = sql<
  ResourceRow,
  readonly [customer: string, id: Uuid, displayName: string, now: Date]
>("rename_resource");

export const countBound = sql<
  { readonly of_license: bigint; readonly of_customer: bigint },
  readonly [customer: string, license: string]
>("count_bound");

export const bindResource = sql<
  ResourceRow,
  readonly [id: Uuid, license: string | null, now: Date, feedRevision: bigint]
>("bind_resource");

export const removeResource = sql<never, readonly [id: Uuid, now: Date]>("remove_resource");

export const touchResources = sql<
  { readonly touched: bigint },
  readonly [license: string, feedRevision: bigint]
>("touch_resources");

export const advanceFeedHead = sql<object, readonly [feedRevision: bigint]>("advance_feed_head");

export const reportCount = sql<
  CountRow,
  readonly [resource: Uuid, feature: string, count: bigint, sequence: bigint, now: Date]
>("report_count");

export const claimCount = sql<
  CountRow,
  readonly [resource: Uuid, feature: string, more: bigint, limit: bigint | null, now: Date]
>("claim_count");

export const listCounts = sql<CountRow, readonly [resource: Uuid, feature: string | null]>(
  "list_counts",
);
