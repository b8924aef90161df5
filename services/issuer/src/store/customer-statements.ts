import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { CustomerAction, CustomerState } from "../domain/customer.ts";
import type { CustomerField } from "../domain/customer-list.ts";
import type { CustomerRow } from "./customer-rows.ts";
import { sql } from "./sql.ts";

export const insertCustomer = statement<
  { readonly id: Uuid },
  readonly [
    id: Uuid,
    displayName: string,
    referenceId: string,
    contacts: string,
    resourceLimit: number | null,
    createTime: Date,
  ]
>(sql("insert_customer"));

export const updateCustomer = statement<
  never,
  readonly [
    id: Uuid,
    revision: bigint,
    displayName: string,
    referenceId: string,
    state: CustomerState,
    contacts: string,
    resourceLimit: number | null,
    updateTime: Date,
  ]
>(sql("update_customer"));

export const insertCustomerRevision = statement<
  never,
  readonly [
    customer: Uuid,
    revision: bigint,
    at: Date,
    subject: string,
    action: CustomerAction,
    why: string,
    snapshot: string,
  ]
>(sql("insert_customer_revision"));

export const findCustomer = statement<CustomerRow, readonly [id: Uuid]>(sql("find_customer"));
export const lockCustomer = statement<CustomerRow, readonly [id: Uuid]>(sql("lock_customer"));
export const holdCustomer = statement<CustomerRow, readonly [id: Uuid]>(sql("hold_customer"));
export const holdCustomerByReference = statement<CustomerRow, readonly [referenceId: string]>(
  sql("hold_customer_by_reference"),
);

export const listCustomers = listStatement<CustomerRow, readonly [], CustomerField>(
  sql("list_customers"),
  {
    columns: {
      display_name: "display_name",
      reference_id: "reference_id",
      state: "state",
      create_time: "create_time",
    },
    key: "id",
  },
);

export const tellCustomer = statement<
  { readonly feed_revision: bigint },
  readonly [customer: Uuid]
>(sql("tell_customer"));

export const findLicenseInForce = statement<
  { readonly id: Uuid },
  readonly [customer: Uuid, now: Date]
>(sql("find_license_in_force"));
