import type { Uuid } from "@leasehold/kernel";
import type { Account } from "../domain/account.ts";
import { invitationName } from "../domain/account-names.ts";
import { type Caller, mayActFor, mayAdminister } from "../domain/caller.ts";
import { mayAccept, mayWithdraw, secretDigest } from "../domain/invitation.ts";
import type { Invitation, InvitationRef } from "../domain/invitation.ts";
import {
  invitationNotFound,
  invitationRefused,
  settledAlready,
} from "../domain/joining-problems.ts";
import { isReachedAt } from "../domain/person.ts";
import { carryOut } from "./carry-out.ts";
import { existingAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** Who accepts, and with what. */
export interface AcceptInvitation {
  readonly account: Uuid;
  readonly secret: string;
}

/**
 * Lets an account act for the customer that invited whoever has the secret, in the role that the
 * invitation names, also if it acts for the customer already. Works once.
 * @throws Problem `NOT_FOUND` for the account; `INVITATION_REFUSED` for everything that is wrong with
 *   the invitation, a customer that is closed, and an account whose provider does not vouch for the
 *   email address that it was sent to, included
 */
export async function acceptInvitation(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, secret }: AcceptInvitation,
): Promise<Account> {
  const { caller } = mutation;
  mayActFor(caller, account);
  return carryOut(ports, mutation, async (writes) => {
    await existingAccount(writes, account);
    const now = ports.clock.now();
    const invitation = await writes.lockInvitationBySecret(secretDigest(secret));
    if (!invitation || !mayAccept(invitation, now)) throw invitationRefused();
    if (!isMeantFor(caller, invitation)) throw invitationRefused();
    const { customerId, role } = invitation;
    const customer = await writes.holdCustomer(customerId);
    if (customer?.state !== "ACTIVE") throw invitationRefused();
    await writes.settleInvitation({ ...invitation, state: "ACCEPTED" }, account);
    await writes.setMembership(account, { customerId, role, createTime: now });
    const result = await existingAccount(writes, account);
    return { result, resource: invitationName(invitation) };
  });
}

/** Whether the caller is whom it was sent to. The vendor has looked at that by itself. */
function isMeantFor(caller: Caller, { email }: Invitation): boolean {
  if (caller.kind === "vendor") return true;
  return caller.person !== undefined && isReachedAt(caller.person, email);
}

/**
 * Takes an invitation back of which nothing became.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT`, `PERMISSION_DENIED` to accounts that are not the
 *   customer's administrators
 */
export async function withdrawInvitation(
  ports: IssuerPorts,
  mutation: Mutation,
  ref: InvitationRef,
): Promise<Invitation> {
  mayAdminister(mutation.caller, ref.customerId, invitationNotFound);
  return carryOut(ports, mutation, async (writes) => {
    const invitation = await writes.lockInvitation(ref);
    if (!invitation) throw invitationNotFound();
    if (!mayWithdraw(invitation)) throw settledAlready(invitation.state);
    const withdrawn: Invitation = { ...invitation, state: "WITHDRAWN" };
    await writes.settleInvitation(withdrawn);
    return { result: withdrawn, resource: invitationName(withdrawn) };
  });
}
