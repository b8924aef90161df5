import type { Uuid } from "@leasehold/kernel";
import type { Contact, Customer, CustomerState } from "../domain/customer.ts";

/** A row of the table `customer`. */
export interface CustomerRow {
  readonly id: Uuid;
  readonly display_name: string;
  readonly reference_id: string;
  readonly state: CustomerState;
  readonly contacts: readonly Contact[];
  readonly resource_limit: number | null;
  readonly revision: bigint;
  readonly create_time: Date;
  readonly update_time: Date;
}

/** The customer that a row holds. */
export function customerFromRow(row: CustomerRow): Customer {
  return {
    id: row.id,
    displayName: row.display_name,
    referenceId: row.reference_id,
    contacts: row.contacts,
    limits: row.resource_limit === null ? {} : { resources: row.resource_limit },
    state: row.state,
    revision: row.revision,
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
  };
}
