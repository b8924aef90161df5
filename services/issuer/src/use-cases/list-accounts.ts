import type { ListQuery, Page } from "@leasehold/list-query";
import type { Account } from "../domain/account.ts";
import type { AccountField } from "../domain/account-list.ts";
import type { IssuerPorts } from "./ports.ts";

/** A page of the accounts. */
export function listAccounts(
  { store }: Pick<IssuerPorts, "store">,
  query: ListQuery<AccountField>,
): Promise<Page<Account>> {
  return store.listAccounts(query);
}
