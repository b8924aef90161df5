import { newUuid } from "@leasehold/kernel";
import type { Uuid } from "@leasehold/kernel";
import { accountName, joinRequestName } from "../domain/account-names.ts";
import { mayActFor } from "../domain/caller.ts";
import type { JoinRequest } from "../domain/join-request.ts";
import { carryOut } from "./carry-out.ts";
import { existingAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** Who asks, and to join whom. */
export interface RequestToJoin {
  readonly account: Uuid;
  readonly referenceId: string;
}

/**
 * Asks to act for the customer of a reference id. Nothing is told of what came of it: not whether
 * there is such a customer, whether it is open, or whether the account waits there already or
 * acts for it, upon all of which nothing happens.
 * @throws Problem `NOT_FOUND` for the account, also to another account
 */
export async function requestToJoin(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, referenceId }: RequestToJoin,
): Promise<void> {
  const { clock, random } = ports;
  mayActFor(mutation.caller, account);
  await carryOut(ports, mutation, async (writes) => {
    const { memberships, displayName, email } = await existingAccount(writes, account);
    const nothing = { result: undefined, resource: accountName(account) };
    const customer = await writes.holdCustomerByReference(referenceId);
    if (customer?.state !== "ACTIVE") return nothing;
    if (memberships.some(({ customerId }) => customerId === customer.id)) return nothing;
    const joinRequest: JoinRequest = {
      id: newUuid(clock, random),
      customerId: customer.id,
      accountId: account,
      displayName,
      email,
      state: "OPEN",
      createTime: clock.now(),
    };
    if (!(await writes.insertJoinRequest(joinRequest))) return nothing;
    return { result: undefined, resource: joinRequestName(joinRequest) };
  });
}
