import type { Uuid } from "@leasehold/kernel";
import type { Account, Identity } from "../domain/account.ts";
import { accountNotFound } from "../domain/account-problems.ts";
import type { AccountReads } from "./account-ports.ts";
import type { IssuerPorts } from "./ports.ts";

type Store = Pick<IssuerPorts, "store">;

/** An account. @throws Problem `NOT_FOUND` */
export function getAccount({ store }: Store, id: Uuid): Promise<Account> {
  return existingAccount(store, id);
}

/** The account of whoever signed in with an identity. @throws Problem `NOT_FOUND` */
export async function findAccount({ store }: Store, identity: Identity): Promise<Account> {
  const account = await store.findAccountByIdentity(identity);
  if (!account) throw accountNotFound();
  return account;
}

/** The account as the store, or a mutation, sees it. @throws Problem `NOT_FOUND` */
export async function existingAccount(
  reads: Pick<AccountReads, "findAccount">,
  id: Uuid,
): Promise<Account> {
  const account = await reads.findAccount(id);
  if (!account) throw accountNotFound();
  return account;
}
