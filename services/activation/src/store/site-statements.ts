import { type Statement, statement } from "@leasehold/store-kit";
import type { Uuid } from "@leasehold/kernel";
import type { SealedSiteKey } from "../use-cases/site-ports.ts";

const sql = <Row, Params extends readonly unknown[]>(file: string): Statement<Row, Params> =>
  statement(new URL(`../../sql/${file}.sql`, import.meta.url));

export const enterSite = sql<
  {
    readonly license: unknown;
    readonly seen_time: Date;
    readonly vendor_contact_time: Date | null;
  },
  readonly [process: Uuid]
>("enter_site");

export const keepSiteLicense = sql<object, readonly [license: string, contactTime: Date]>(
  "keep_site_license",
);

export const noteSiteTime = sql<object, readonly [now: Date, process: Uuid]>("note_site_time");

export const noteSiteContact = sql<object, readonly [now: Date]>("note_site_contact");

/** A row of `site_seat`; both times are there or neither is. */
export interface SiteSeatRow {
  readonly lease: Uint8Array;
  readonly features: readonly string[];
  readonly end_time: Date | null;
  readonly extend_time: Date | null;
}

export const listSiteSeats = sql<SiteSeatRow, readonly []>("list_site_seats");

export const askSiteSeat = sql<
  object,
  readonly [lease: Uint8Array, features: readonly string[], createTime: Date]
>("ask_site_seat");

export const holdSiteSeat = sql<
  object,
  readonly [lease: Uint8Array, borrow: string, endTime: Date, extendTime: Date]
>("hold_site_seat");

export const forgetSiteSeat = sql<object, readonly [lease: Uint8Array]>("forget_site_seat");

export const listSiteKeys = sql<
  {
    readonly purpose: SealedSiteKey["purpose"];
    readonly kid: string;
    readonly public_key: Uint8Array;
    readonly sealed_private_key: Uint8Array;
  },
  readonly []
>("list_site_keys");

export const insertSiteKey = sql<
  object,
  readonly [purpose: string, kid: string, publicKey: Uint8Array, sealedPrivateKey: Uint8Array]
>("insert_site_key");

export const sealSiteKey = sql<
  object,
  readonly [purpose: string, kid: string, sealedPrivateKey: Uint8Array]
>("seal_site_key");

export const listEndedInstallations = sql<
  { readonly id: Uuid; readonly state_time: Date },
  readonly [limit: number]
>("list_ended_installations");
