import type { Uuid } from "@leasehold/kernel";
import type { Customer } from "../domain/customer.ts";

/** A row of the table `customer`. */
export interface CustomerRow {
  readonly id: Uuid;
  readonly display_name: string;
  readonly reference_id: string;
  readonly create_time: Date;
}

/** The customer that a row holds. */
export function customerFromRow(row: CustomerRow): Customer {
  return {
    id: row.id,
    displayName: row.display_name,
    referenceId: row.reference_id,
    createTime: row.create_time.getTime(),
  };
}
