import { defineList, type FieldOf, text, time } from "@leasehold/list-query";

/** What ListResources may be asked for. */
export const RESOURCES_LIST = defineList({
  fields: {
    external_id: text(),
    display_name: text(),
    kind: text(),
    license: text(),
    create_time: time(),
  },
  orderable: ["external_id", "display_name", "kind", "create_time"],
  defaultOrder: "display_name",
});

export type ResourceField = FieldOf<typeof RESOURCES_LIST>;
