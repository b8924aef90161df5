import { boolean, defineList, type FieldOf, text, time } from "@leasehold/list-query";

/** What ListProducts may be asked for. */
export const PRODUCTS_LIST = defineList({
  fields: { display_name: text(), create_time: time() },
  orderable: ["display_name", "create_time"],
  defaultOrder: "create_time desc",
});

export type ProductField = FieldOf<typeof PRODUCTS_LIST>;

/** What ListEditions may be asked for. */
export const EDITIONS_LIST = defineList({
  fields: { display_name: text(), retired: boolean(), create_time: time() },
  orderable: ["display_name", "create_time"],
  defaultOrder: "create_time desc",
});

export type EditionField = FieldOf<typeof EDITIONS_LIST>;
