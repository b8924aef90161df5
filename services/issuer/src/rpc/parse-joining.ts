import type { issuer } from "@leasehold/contracts";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import type { Uuid } from "@leasehold/kernel";
import type { Check } from "@leasehold/service-kit";
import { parseInvitationName, parseJoinRequestName } from "../domain/account-names.ts";
import type { Caller } from "../domain/caller.ts";
import { isInvitationSecret } from "../domain/invitation.ts";
import type { InvitationRef } from "../domain/invitation.ts";
import type { JoinRequestRef } from "../domain/join-request.ts";
import {
  type InvitationField,
  INVITATIONS_LIST,
  JOIN_REQUESTS_LIST,
  type JoinRequestField,
} from "../domain/joining-lists.ts";
import type { CreateInvitation } from "../use-cases/create-invitation.ts";
import type { ApproveJoinRequest } from "../use-cases/decide-join-request.ts";
import type { RequestToJoin } from "../use-cases/request-to-join.ts";
import type { AcceptInvitation } from "../use-cases/settle-invitation.ts";
import { readOwnAccountName, readRole } from "./parse-account.ts";
import { readCustomerName, readReferenceId } from "./parse-customer.ts";
import { readEmail } from "./read-email.ts";
import { readName } from "./read-name.ts";

const INVITATION_PATTERN =
  "customers/{customer}/invitations/{invitation}, of which each id is a UUID";
const JOIN_REQUEST_PATTERN =
  "customers/{customer}/joinRequests/{join_request}, of which each id is a UUID";

/** A page of what there is at one customer's. */
export interface ReadingAtCustomer<Name extends string> extends ListReading<Name> {
  readonly customerId: Uuid;
}

/** The invitation to make. */
export function readCreateInvitation(
  check: Check,
  { parent, invitation }: issuer.CreateInvitationRequest,
): CreateInvitation {
  const customerId = readCustomerName(check, "parent", parent);
  return check.message("invitation", invitation, ({ email, role }) => ({
    customerId,
    email: readEmail(check, "invitation.email", email),
    role: readRole(check, "invitation.role", role),
  }));
}

/** Who accepts, and with what. */
export function readAcceptInvitation(
  check: Check,
  { account, secret }: issuer.AcceptInvitationRequest,
  caller: Caller,
): AcceptInvitation {
  const by = readOwnAccountName(check, "account", account, caller);
  if (!isInvitationSecret(secret)) {
    check.violation("secret", "must be lh_inv_ and 43 of A-Z a-z 0-9 - _");
  }
  return { account: by, secret };
}

/** The invitation to take back. */
export function readWithdrawInvitation(
  check: Check,
  { name }: issuer.WithdrawInvitationRequest,
): InvitationRef {
  return readName(check, "name", name, parseInvitationName, INVITATION_PATTERN);
}

/** Who asks, and to join whom. */
export function readRequestToJoin(
  check: Check,
  { account, referenceId }: issuer.RequestToJoinRequest,
  caller: Caller,
): RequestToJoin {
  return {
    account: readOwnAccountName(check, "account", account, caller),
    referenceId: readReferenceId(check, "reference_id", referenceId),
  };
}

/** The request to approve, and as what. */
export function readApproveJoinRequest(
  check: Check,
  request: issuer.ApproveJoinRequestRequest,
): ApproveJoinRequest {
  return { ref: readJoinRequest(check, request), role: readRole(check, "role", request.role) };
}

/** The request to decide. */
export function readJoinRequest(check: Check, { name }: { readonly name: string }): JoinRequestRef {
  return readName(check, "name", name, parseJoinRequestName, JOIN_REQUEST_PATTERN);
}

/** The page of invitations to tell of. */
export function readListInvitations(
  check: Check,
  request: issuer.ListInvitationsRequest,
  tokens: PageTokens,
): ReadingAtCustomer<InvitationField> {
  const { parent } = request;
  const customerId = readCustomerName(check, "parent", parent);
  const call = { tokens, method: "ListInvitations", parent };
  return { customerId, ...readList(check, INVITATIONS_LIST, request, call) };
}

/** The page of requests to join to tell of. */
export function readListJoinRequests(
  check: Check,
  request: issuer.ListJoinRequestsRequest,
  tokens: PageTokens,
): ReadingAtCustomer<JoinRequestField> {
  const { parent } = request;
  const customerId = readCustomerName(check, "parent", parent);
  const call = { tokens, method: "ListJoinRequests", parent };
  return { customerId, ...readList(check, JOIN_REQUESTS_LIST, request, call) };
}
