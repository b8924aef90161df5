import { type Statement, statement } from "@leasehold/store-kit";
import type { Uuid } from "@leasehold/kernel";
import type { LicenseTerms } from "../domain/license-facts.ts";

const sql = <Row, Params extends readonly unknown[]>(file: string): Statement<Row, Params> =>
  statement(new URL(`../../sql/${file}.sql`, import.meta.url));

/** A row of `entitlement`. */
export interface EntitlementRow {
  readonly license: string;
  readonly revision: bigint;
  readonly state: "ACTIVE" | "SUSPENDED" | "REVOKED";
  readonly product: string;
  readonly model: LicenseTerms["model"];
  readonly seats: number;
  readonly features: readonly {
    readonly feature: string;
    readonly limit?: string;
    readonly seats?: number;
  }[];
  readonly start_time: Date;
  readonly end_time: Date;
  readonly validity_ms: number;
  readonly grace_ms: number;
  readonly seat_policy: Uint8Array;
  readonly passed_terms: Uint8Array;
  readonly product_revision: bigint;
  readonly version_policy: Uint8Array;
  readonly feed_revision: bigint;
  readonly barred_revision: bigint;
  /** The name of the resource whose pool it is; null: it is a license's. */
  readonly resource: string | null;
}

/** A row of a page: an entitlement, or nulls where there is none. */
export type FeedRow = { readonly head: bigint; readonly barred: readonly Uuid[] } & (
  | (EntitlementRow & {
      /** Null, as are its users, for a license that never named any. */
      readonly naming_revision: bigint | null;
      readonly named_users: readonly string[] | null;
    })
  | { readonly license: null; readonly feed_revision: null }
);

export const lockFeed = sql<{ readonly revision: bigint }, readonly []>("lock_feed");

export const upsertEntitlement = sql<
  { readonly feed_revision: bigint },
  readonly [
    license: string,
    revision: bigint,
    state: string,
    product: string,
    model: string,
    seats: number,
    features: string,
    startTime: Date,
    endTime: Date,
    validityMs: number,
    graceMs: number,
    seatPolicy: Uint8Array,
    passedTerms: Uint8Array,
    feedRevision: bigint,
    productRevision: bigint,
    versionPolicy: Uint8Array,
  ]
>("upsert_entitlement");

export const advanceFeed = sql<object, readonly [feedRevision: bigint, issuerCursor: bigint]>(
  "advance_feed",
);

export const findIssuerCursor = sql<{ readonly issuer_cursor: bigint }, readonly []>(
  "find_issuer_cursor",
);

export const readFeedPositions = sql<
  { readonly head: bigint; readonly issuer_cursor: bigint },
  readonly []
>("read_feed_positions");

export const readFeed = sql<FeedRow, readonly [afterFeedRevision: bigint, limit: number]>(
  "read_feed",
);

export const findTrust = sql<{ readonly version: number; readonly token: string }, readonly []>(
  "find_trust",
);

export const keepTrust = sql<object, readonly [version: number, token: string]>("keep_trust");
