import type { Uuid } from "@leasehold/kernel";
import { mayLink, mayUnlink } from "../domain/account.ts";
import type { Account, Identity } from "../domain/account.ts";
import { accountName } from "../domain/account-names.ts";
import {
  accountNotFound,
  identityLimitReached,
  identityNotFound,
  identityTaken,
  lastIdentity,
} from "../domain/account-problems.ts";
import { carryOut } from "./carry-out.ts";
import { existingAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/** An identity to give to an account, or to take from it. */
export interface ChangeIdentity {
  readonly account: Uuid;
  readonly identity: Identity;
}

/**
 * Gives an account one more way to sign in.
 * @throws Problem `NOT_FOUND`, `LIMIT_REACHED`, `ALREADY_EXISTS` if an account has the identity, be
 *   it this one
 */
export function linkIdentity(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, identity }: ChangeIdentity,
): Promise<Account> {
  return changeIdentities(ports, mutation, account, async (current, writes) => {
    if (await writes.findAccountByIdentity(identity)) throw identityTaken();
    if (!mayLink(current)) throw identityLimitReached();
    const linked = await writes.linkIdentity(account, identity, ports.clock.now());
    if (!linked) throw identityTaken();
  });
}

/**
 * Takes one way to sign in from an account that has another.
 * @throws Problem `NOT_FOUND` for the account, or for an identity that is not its own, `LAST_IDENTITY`
 */
export function unlinkIdentity(
  ports: IssuerPorts,
  mutation: Mutation,
  { account, identity }: ChangeIdentity,
): Promise<Account> {
  return changeIdentities(ports, mutation, account, async (current, writes) => {
    const may = mayUnlink(current, identity);
    if (may === "not-linked") throw identityNotFound();
    if (may === "last") throw lastIdentity();
    await writes.unlinkIdentity(account, identity);
  });
}

function changeIdentities(
  ports: IssuerPorts,
  mutation: Mutation,
  account: Uuid,
  change: (current: Account, writes: IssuerWrites) => Promise<void>,
): Promise<Account> {
  return carryOut(ports, mutation, async (writes) => {
    const current = await writes.lockAccount(account);
    if (!current) throw accountNotFound();
    await change(current, writes);
    return { result: await existingAccount(writes, account), resource: accountName(account) };
  });
}
