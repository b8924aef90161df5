import { defineList, type FieldOf, oneOf, text, time } from "@leasehold/list-query";

/** What ListCustomers may be asked for. */
export const CUSTOMERS_LIST = defineList({
  fields: {
    display_name: text(),
    reference_id: text(),
    state: oneOf({ ACTIVE: "ACTIVE", CLOSED: "CLOSED" }),
    create_time: time(),
  },
  orderable: ["display_name", "reference_id", "create_time"],
  defaultOrder: "create_time desc",
});

export type CustomerField = FieldOf<typeof CUSTOMERS_LIST>;
