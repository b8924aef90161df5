import { issuer } from "@leasehold/contracts";
import type { Account, CustomerRole, Membership } from "../domain/account.ts";
import { accountName, invitationName, joinRequestName } from "../domain/account-names.ts";
import { type Caller, isSelf } from "../domain/caller.ts";
import type { Invitation } from "../domain/invitation.ts";
import type { JoinRequest } from "../domain/join-request.ts";
import { customerName } from "../domain/resource-names.ts";
import type { CreatedInvitation } from "../use-cases/create-invitation.ts";
import { presentDeploymentRole } from "./present-administrator.ts";

const ROLE = {
  ADMINISTRATOR: issuer.CustomerRole.ADMINISTRATOR,
  USER: issuer.CustomerRole.USER,
} as const satisfies Record<CustomerRole, issuer.CustomerRole>;

const INVITATION_STATE = {
  OPEN: issuer.InvitationState.OPEN,
  ACCEPTED: issuer.InvitationState.ACCEPTED,
  WITHDRAWN: issuer.InvitationState.WITHDRAWN,
} as const satisfies Record<Invitation["state"], issuer.InvitationState>;

const JOIN_REQUEST_STATE = {
  OPEN: issuer.JoinRequestState.OPEN,
  APPROVED: issuer.JoinRequestState.APPROVED,
  DECLINED: issuer.JoinRequestState.DECLINED,
} as const satisfies Record<JoinRequest["state"], issuer.JoinRequestState>;

/** An account as the contract has it. */
export function presentAccount(account: Account): issuer.Account {
  return {
    name: accountName(account.id),
    displayName: account.displayName,
    email: account.email,
    identities: account.identities.map((identity) => ({ ...identity })),
    memberships: account.memberships.map(presentMembership),
    deploymentRoles: account.deploymentRoles.map(presentDeploymentRole),
    createTime: new Date(account.createTime),
  };
}

/** An account as a caller may know it: of others, an account is told the name alone. */
export function presentAccountTo(caller: Caller, account: Account): issuer.Account {
  return caller.kind === "vendor" || isSelf(caller, account.id)
    ? presentAccount(account)
    : issuer.Account.fromPartial({ name: accountName(account.id) });
}

/** An invitation as the contract has it. */
export function presentInvitation(invitation: Invitation): issuer.Invitation {
  return {
    name: invitationName(invitation),
    email: invitation.email,
    role: ROLE[invitation.role],
    expireTime: new Date(invitation.expireTime),
    state: INVITATION_STATE[invitation.state],
    createTime: new Date(invitation.createTime),
  };
}

/** An invitation as the contract tells it, once. */
export function presentCreatedInvitation({
  invitation,
  secret,
}: CreatedInvitation): issuer.CreateInvitationResponse {
  return { invitation: presentInvitation(invitation), secret: secret ?? "" };
}

/** A request to join as the contract has it. */
export function presentJoinRequest(joinRequest: JoinRequest): issuer.JoinRequest {
  return {
    name: joinRequestName(joinRequest),
    account: accountName(joinRequest.accountId),
    displayName: joinRequest.displayName,
    email: joinRequest.email,
    state: JOIN_REQUEST_STATE[joinRequest.state],
    createTime: new Date(joinRequest.createTime),
  };
}

function presentMembership({ customerId, role, createTime }: Membership): issuer.Membership {
  return {
    customer: customerName(customerId),
    role: ROLE[role],
    createTime: new Date(createTime),
  };
}
