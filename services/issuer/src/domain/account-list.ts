import { defineList, type FieldOf, reference, text, time } from "@leasehold/list-query";
import { parseCustomerName } from "./resource-names.ts";

/** What ListAccounts may be asked for. An account has a customer if it acts for it. */
export const ACCOUNTS_LIST = defineList({
  fields: {
    display_name: text(),
    email: text(),
    customer: reference("customers/{customer}", parseCustomerName),
    create_time: time(),
  },
  orderable: ["display_name", "email", "create_time"],
  defaultOrder: "create_time desc",
});

export type AccountField = FieldOf<typeof ACCOUNTS_LIST>;
