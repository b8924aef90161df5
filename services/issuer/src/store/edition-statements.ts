import { listStatement, statement } from "@leasehold/store-kit";
import type { EditionField } from "../domain/catalogue-lists.ts";
import type { EditionAction } from "../domain/edition.ts";
import type { EditionRow } from "./edition-rows.ts";
import { sql } from "./sql.ts";

type Key = readonly [product: string, id: string];

export const findEdition = statement<EditionRow, Key>(sql("find_edition"));
export const holdEdition = statement<EditionRow, Key>(sql("hold_edition"));
export const lockEdition = statement<EditionRow, Key>(sql("lock_edition"));

export const listEditions = listStatement<EditionRow, readonly [product: string], EditionField>(
  sql("list_editions"),
  {
    columns: { display_name: "display_name", retired: "retired", create_time: "create_time" },
    key: "id",
  },
);

export const insertEdition = statement<
  { readonly id: string },
  readonly [
    product: string,
    id: string,
    displayName: string,
    terms: string,
    termDays: number,
    maintenanceDays: number,
    retired: boolean,
    createTime: Date,
  ]
>(sql("insert_edition"));

export const updateEdition = statement<
  never,
  readonly [
    product: string,
    id: string,
    revision: bigint,
    displayName: string,
    terms: string,
    termDays: number,
    maintenanceDays: number,
    retired: boolean,
    updateTime: Date,
  ]
>(sql("update_edition"));

export const insertEditionRevision = statement<
  never,
  readonly [
    product: string,
    edition: string,
    revision: bigint,
    at: Date,
    subject: string,
    action: EditionAction,
    why: string,
    snapshot: string,
  ]
>(sql("insert_edition_revision"));
