import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { Invitation, InvitationRef } from "../domain/invitation.ts";
import type { JoinRequest, JoinRequestRef } from "../domain/join-request.ts";
import type { InvitationField, JoinRequestField } from "../domain/joining-lists.ts";

/** What is read of invitations and requests to join. */
export interface JoiningReads {
  listInvitations(customer: Uuid, query: ListQuery<InvitationField>): Promise<Page<Invitation>>;
  listJoinRequests(customer: Uuid, query: ListQuery<JoinRequestField>): Promise<Page<JoinRequest>>;
}

/** What a mutation may do to invitations and requests to join. Their customer is held where one is inserted. */
export interface JoiningWrites {
  /** @param digest of its secret */
  insertInvitation(invitation: Invitation, digest: Uint8Array): Promise<void>;
  /** The invitation as it is, not to be settled by others until the transaction ends. */
  lockInvitation(ref: InvitationRef): Promise<Invitation | undefined>;
  /** Likewise the invitation of a secret. */
  lockInvitationBySecret(digest: Uint8Array): Promise<Invitation | undefined>;
  /**
   * Writes what became of a locked invitation.
   * @param acceptedBy the account, if it was accepted
   */
  settleInvitation(invitation: Invitation, acceptedBy?: Uuid): Promise<void>;
  /** @returns whether it was inserted; not if one of the account waits at the customer already */
  insertJoinRequest(joinRequest: JoinRequest): Promise<boolean>;
  /** The request as it is, not to be decided by others until the transaction ends. */
  lockJoinRequest(ref: JoinRequestRef): Promise<JoinRequest | undefined>;
  /** Writes what became of a locked request. */
  settleJoinRequest(joinRequest: JoinRequest): Promise<void>;
}
