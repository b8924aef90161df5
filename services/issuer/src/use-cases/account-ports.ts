import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { Account, Identity, Membership } from "../domain/account.ts";
import type { AccountField } from "../domain/account-list.ts";

/** What is read of accounts. */
export interface AccountReads {
  findAccount(id: Uuid): Promise<Account | undefined>;
  findAccountByIdentity(identity: Identity): Promise<Account | undefined>;
  listAccounts(query: ListQuery<AccountField>): Promise<Page<Account>>;
}

/** What a mutation may do to accounts. */
export interface AccountWrites extends AccountReads {
  /** The account as it is, its identities not to be changed by others until the transaction ends. */
  lockAccount(id: Uuid): Promise<Account | undefined>;
  /** Inserts an account that has nothing yet; an identity must follow in the same transaction. */
  insertAccount(account: Account): Promise<void>;
  /**
   * Gives a locked account, which may have one more, an identity.
   * @returns whether it was given; not if an account has it
   */
  linkIdentity(account: Uuid, identity: Identity, at: number): Promise<boolean>;
  /** Takes an identity that is not the last one from a locked account. */
  unlinkIdentity(account: Uuid, identity: Identity): Promise<void>;
  /** Lets an account act for a held customer that is open; if it does already, only the role changes. */
  setMembership(account: Uuid, membership: Membership): Promise<void>;
  /** @returns whether the account acted for the customer */
  removeMembership(account: Uuid, customer: Uuid): Promise<boolean>;
}
