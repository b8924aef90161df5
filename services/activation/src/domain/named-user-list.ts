import { defineList, type FieldOf, text, time } from "@leasehold/list-query";

/** What ListNamedUsers may be asked for. */
export const NAMED_USERS_LIST = defineList({
  fields: {
    user: text(),
    assigned_by: text(),
    assign_time: time(),
  },
  orderable: ["user", "assigned_by", "assign_time"],
  defaultOrder: "assign_time desc",
});

export type NamedUserField = FieldOf<typeof NAMED_USERS_LIST>;
