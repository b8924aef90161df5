import { formatName, isUuid, parseName } from "@leasehold/kernel";
import type { Uuid } from "@leasehold/kernel";
import type { InvitationRef } from "./invitation.ts";
import type { JoinRequestRef } from "./join-request.ts";

const ACCOUNT = "accounts/{account}";
const INVITATION = "customers/{customer}/invitations/{id}";
const JOIN_REQUEST = "customers/{customer}/joinRequests/{id}";

/** The resource name of an account. */
export function accountName(id: Uuid): string {
  return formatName(ACCOUNT, { account: id });
}

/** The account that a resource name names; `undefined` if it names none. */
export function parseAccountName(name: string): Uuid | undefined {
  const id = parseName(ACCOUNT, name)?.account;
  return id !== undefined && isUuid(id) ? id : undefined;
}

/** The resource name of an invitation. */
export function invitationName({ customerId, id }: InvitationRef): string {
  return formatName(INVITATION, { customer: customerId, id });
}

/** The invitation that a resource name names; `undefined` if it names none. */
export function parseInvitationName(name: string): InvitationRef | undefined {
  return refOf(parseName(INVITATION, name));
}

/** The resource name of a request to join. */
export function joinRequestName({ customerId, id }: JoinRequestRef): string {
  return formatName(JOIN_REQUEST, { customer: customerId, id });
}

/** The request to join that a resource name names; `undefined` if it names none. */
export function parseJoinRequestName(name: string): JoinRequestRef | undefined {
  return refOf(parseName(JOIN_REQUEST, name));
}

function refOf(
  parts: Readonly<Record<"customer" | "id", string>> | undefined,
): InvitationRef | undefined {
  if (!parts || !isUuid(parts.customer) || !isUuid(parts.id)) return undefined;
  return { customerId: parts.customer, id: parts.id };
}
