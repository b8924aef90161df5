import { isUuid } from "@leasehold/kernel";
import { defineList, reference, text, time } from "@leasehold/list-query";
import type { FieldOf } from "@leasehold/list-query";

/** What ListAuditEntries may be asked for. A resource is text: `customers/{customer}*` is all of a customer's. */
export const AUDIT_LIST = defineList({
  fields: {
    subject: text(),
    method: text(),
    resource: text(),
    request_id: reference("a UUID in lower case", (id) => (isUuid(id) ? id : undefined)),
    time: time(),
  },
  orderable: ["sequence"],
  defaultOrder: "sequence desc",
});

export type AuditField = FieldOf<typeof AUDIT_LIST>;
