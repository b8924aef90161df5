import { newUuid } from "@leasehold/kernel";
import type { Account, Identity } from "../domain/account.ts";
import { accountName } from "../domain/account-names.ts";
import { identityTaken } from "../domain/account-problems.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The account to create. */
export interface CreateAccount extends Pick<Account, "displayName" | "email"> {
  readonly identity: Identity;
}

/**
 * Creates an account that acts for nobody.
 * @throws Problem `ALREADY_EXISTS` if an account has the identity
 */
export function createAccount(
  ports: IssuerPorts,
  mutation: Mutation,
  { displayName, email, identity }: CreateAccount,
): Promise<Account> {
  const { clock, random } = ports;
  return carryOut(ports, mutation, async (writes) => {
    const account: Account = {
      id: newUuid(clock, random),
      displayName,
      email,
      identities: [identity],
      memberships: [],
      deploymentRoles: [],
      createTime: clock.now(),
    };
    await writes.insertAccount(account);
    if (!(await writes.linkIdentity(account.id, identity, account.createTime))) {
      throw identityTaken();
    }
    return { result: account, resource: accountName(account.id) };
  });
}
