import { first } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { CustomerReads, CustomerWrites } from "../use-cases/customer-ports.ts";
import { customerFromRow } from "./customer-rows.ts";
import * as statements from "./customer-statements.ts";

export function customerReads(executor: Executor): CustomerReads {
  return {
    findCustomer: async (id) => {
      const row = await first(executor, statements.findCustomer, [id]);
      return row && customerFromRow(row);
    },
  };
}

export function customerWrites(tx: Executor): CustomerWrites {
  return {
    ...customerReads(tx),
    insertCustomer: async ({ id, displayName, referenceId, createTime }) => {
      const at = new Date(createTime);
      const row = await first(tx, statements.insertCustomer, [id, displayName, referenceId, at]);
      return row !== undefined;
    },
  };
}
