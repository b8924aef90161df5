import type { Edition, TermsTemplate } from "../domain/edition.ts";
import { decodePlainData } from "./plain-data.ts";

/** A row of the table `edition`, with the terms as text. */
export interface EditionRow {
  readonly product_id: string;
  readonly id: string;
  readonly revision: bigint;
  readonly display_name: string;
  readonly terms: string;
  readonly term_days: number;
  readonly maintenance_days: number;
  readonly retired: boolean;
  readonly create_time: Date;
  readonly update_time: Date;
}

/** The edition that a row holds. */
export function editionFromRow(row: EditionRow): Edition {
  return {
    productId: row.product_id,
    id: row.id,
    revision: row.revision,
    displayName: row.display_name,
    terms: decodePlainData(row.terms) as TermsTemplate,
    termDays: row.term_days,
    maintenanceDays: row.maintenance_days,
    retired: row.retired,
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
  };
}
