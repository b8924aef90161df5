import { defineList, type FieldOf, text } from "@leasehold/list-query";

/** What ListAdministrators may be asked for. */
export const ADMINISTRATORS_LIST = defineList({
  fields: { display_name: text(), email: text() },
  orderable: ["display_name", "email"],
  defaultOrder: "display_name",
});

export type AdministratorField = FieldOf<typeof ADMINISTRATORS_LIST>;
