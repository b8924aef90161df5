import { newUuid } from "@leasehold/kernel";
import { invitationName } from "../domain/account-names.ts";
import { mayAdminister } from "../domain/caller.ts";
import { customerNotFound } from "../domain/catalogue-problems.ts";
import { INVITATION_MS, newInvitationSecret, secretDigest } from "../domain/invitation.ts";
import type { Invitation } from "../domain/invitation.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** The invitation to make. */
export type CreateInvitation = Pick<Invitation, "customerId" | "email" | "role">;

/** An invitation as it is told, once. */
export interface CreatedInvitation {
  readonly invitation: Invitation;
  /** What accepts it; absent when the call repeats another. */
  readonly secret: string | undefined;
}

/**
 * Invites a person to act for a customer. What is kept of the secret is its digest: nobody, the
 * issuer included, can tell it a second time.
 * @throws Problem `NOT_FOUND` for the customer, `CUSTOMER_CLOSED`, `PERMISSION_DENIED` to accounts that
 *   are not its administrators
 */
export async function createInvitation(
  ports: IssuerPorts,
  mutation: Mutation,
  command: CreateInvitation,
): Promise<CreatedInvitation> {
  const { clock, random } = ports;
  mayAdminister(mutation.caller, command.customerId, customerNotFound);
  let secret: string | undefined;
  const invitation = await carryOut(ports, mutation, async (writes) => {
    await holdOpenCustomer(writes, command.customerId);
    const now = clock.now();
    const made: Invitation = {
      ...command,
      id: newUuid(clock, random),
      state: "OPEN",
      createTime: now,
      expireTime: now + INVITATION_MS,
    };
    secret = newInvitationSecret(random);
    await writes.insertInvitation(made, secretDigest(secret));
    return { result: made, resource: invitationName(made) };
  });
  return { invitation, secret };
}
