import type { Uuid } from "@leasehold/kernel";
import type { CustomerRole } from "../domain/account.ts";
import type { Invitation, InvitationState } from "../domain/invitation.ts";
import type { JoinRequest, JoinRequestState } from "../domain/join-request.ts";

/** A row of the table `invitation`. */
export interface InvitationRow {
  readonly id: Uuid;
  readonly customer_id: Uuid;
  readonly email: string;
  readonly role: CustomerRole;
  readonly state: InvitationState;
  readonly create_time: Date;
  readonly expire_time: Date;
}

/** The invitation that a row holds. */
export function invitationFromRow(row: InvitationRow): Invitation {
  return {
    id: row.id,
    customerId: row.customer_id,
    email: row.email,
    role: row.role,
    state: row.state,
    createTime: row.create_time.getTime(),
    expireTime: row.expire_time.getTime(),
  };
}

/** A row of the table `join_request`. */
export interface JoinRequestRow {
  readonly id: Uuid;
  readonly customer_id: Uuid;
  readonly account_id: Uuid;
  readonly display_name: string;
  readonly email: string;
  readonly state: JoinRequestState;
  readonly create_time: Date;
}

/** The request to join that a row holds. */
export function joinRequestFromRow(row: JoinRequestRow): JoinRequest {
  return {
    id: row.id,
    customerId: row.customer_id,
    accountId: row.account_id,
    displayName: row.display_name,
    email: row.email,
    state: row.state,
    createTime: row.create_time.getTime(),
  };
}
