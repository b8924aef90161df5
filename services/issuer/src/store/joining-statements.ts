import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { CustomerRole } from "../domain/account.ts";
import type { InvitationState } from "../domain/invitation.ts";
import type { JoinRequestState } from "../domain/join-request.ts";
import type { InvitationField, JoinRequestField } from "../domain/joining-lists.ts";
import type { InvitationRow, JoinRequestRow } from "./joining-rows.ts";
import { sql } from "./sql.ts";

export const insertInvitation = statement<
  never,
  readonly [
    id: Uuid,
    customer: Uuid,
    email: string,
    role: CustomerRole,
    secretSha256: Uint8Array,
    createTime: Date,
    expireTime: Date,
  ]
>(sql("insert_invitation"));

export const lockInvitation = statement<InvitationRow, readonly [id: Uuid, customer: Uuid]>(
  sql("lock_invitation"),
);

export const lockInvitationBySecret = statement<InvitationRow, readonly [secretSha256: Uint8Array]>(
  sql("lock_invitation_by_secret"),
);

export const settleInvitation = statement<
  never,
  readonly [id: Uuid, state: InvitationState, acceptedBy: Uuid | null]
>(sql("settle_invitation"));

export const insertJoinRequest = statement<
  { readonly id: Uuid },
  readonly [id: Uuid, customer: Uuid, account: Uuid, createTime: Date]
>(sql("insert_join_request"));

export const lockJoinRequest = statement<JoinRequestRow, readonly [id: Uuid, customer: Uuid]>(
  sql("lock_join_request"),
);

export const settleJoinRequest = statement<never, readonly [id: Uuid, state: JoinRequestState]>(
  sql("settle_join_request"),
);

export const listInvitations = listStatement<
  InvitationRow,
  readonly [customer: Uuid],
  InvitationField
>(sql("list_invitations"), {
  columns: { email: "email", state: "state", create_time: "create_time" },
  key: "id",
});

export const listJoinRequests = listStatement<
  JoinRequestRow,
  readonly [customer: Uuid],
  JoinRequestField
>(sql("list_join_requests"), {
  columns: { account: "account_id", state: "state", create_time: "create_time" },
  key: "id",
});
