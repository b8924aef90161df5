import type { Uuid } from "@leasehold/kernel";
import { statement } from "@leasehold/store-kit";
import type { CustomerRow } from "./customer-rows.ts";
import { sql } from "./sql.ts";

export const insertCustomer = statement<
  { readonly id: Uuid },
  readonly [id: Uuid, displayName: string, referenceId: string, createTime: Date]
>(sql("insert_customer"));

export const findCustomer = statement<CustomerRow, readonly [id: Uuid]>(sql("find_customer"));
