import { defineList, type FieldOf, oneOf, reference, text, time } from "@leasehold/list-query";
import { parseAccountName } from "./account-names.ts";

/** What ListInvitations may be asked for. */
export const INVITATIONS_LIST = defineList({
  fields: {
    email: text(),
    state: oneOf({ OPEN: "OPEN", ACCEPTED: "ACCEPTED", WITHDRAWN: "WITHDRAWN" }),
    create_time: time(),
  },
  orderable: ["email", "create_time"],
  defaultOrder: "create_time desc",
});

export type InvitationField = FieldOf<typeof INVITATIONS_LIST>;

/** What ListJoinRequests may be asked for. */
export const JOIN_REQUESTS_LIST = defineList({
  fields: {
    account: reference("accounts/{account}", parseAccountName),
    state: oneOf({ OPEN: "OPEN", APPROVED: "APPROVED", DECLINED: "DECLINED" }),
    create_time: time(),
  },
  orderable: ["create_time"],
  defaultOrder: "create_time desc",
});

export type JoinRequestField = FieldOf<typeof JOIN_REQUESTS_LIST>;
