import type { Uuid } from "@leasehold/kernel";
import type { Account, CustomerRole } from "../domain/account.ts";
import { accountName } from "../domain/account-names.ts";
import { membershipNotFound } from "../domain/account-problems.ts";
import { isSelf, mayAdminister } from "../domain/caller.ts";
import { carryOut } from "./carry-out.ts";
import { existingAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** Who acts for whom. */
export interface MembershipRef {
  readonly account: Uuid;
  readonly customerId: Uuid;
}

/** Who is to act for whom, and as what. */
export interface SetMembership extends MembershipRef {
  readonly role: CustomerRole;
}

/**
 * Lets a person act for a customer, or as something else than before.
 * @throws Problem `NOT_FOUND` for the account or the customer, `CUSTOMER_CLOSED`
 */
export function setMembership(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, customerId, role }: SetMembership,
): Promise<Account> {
  return carryOut(ports, mutation, async (writes) => {
    await existingAccount(writes, account);
    await holdOpenCustomer(writes, customerId);
    await writes.setMembership(account, { customerId, role, createTime: ports.clock.now() });
    return { result: await existingAccount(writes, account), resource: accountName(account) };
  });
}

/**
 * Ends that a person acts for a customer, closed or not. An account leaves by itself, or is let go
 * by an administrator of the customer.
 * @throws Problem `NOT_FOUND` for the account, or if it does not act for the customer; to accounts
 *   `PERMISSION_DENIED` if they act for the customer and may not
 */
export async function removeMembership(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, customerId }: MembershipRef,
): Promise<Account> {
  const { caller } = mutation;
  if (!isSelf(caller, account)) mayAdminister(caller, customerId, membershipNotFound);
  return carryOut(ports, mutation, async (writes) => {
    // An account is not told of others than those of its customers.
    if (caller.kind === "vendor") await existingAccount(writes, account);
    if (!(await writes.removeMembership(account, customerId))) throw membershipNotFound();
    return { result: await existingAccount(writes, account), resource: accountName(account) };
  });
}
