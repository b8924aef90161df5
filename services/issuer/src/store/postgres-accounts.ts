import { first, listRows, one, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { AccountReads, AccountWrites } from "../use-cases/account-ports.ts";
import { accountQuery } from "./account-filter.ts";
import { accountFromRow } from "./account-rows.ts";
import * as statements from "./account-statements.ts";

export function accountReads(executor: Executor): AccountReads {
  return {
    findAccount: async (id) => {
      const row = await first(executor, statements.findAccount, [id]);
      return row && accountFromRow(row);
    },
    findAccountByIdentity: async ({ issuer, subject }) => {
      const row = await first(executor, statements.findAccountByIdentity, [issuer, subject]);
      return row && accountFromRow(row);
    },
    listAccounts: async (asked) => {
      const { query, wanted, unwanted } = accountQuery(asked);
      const { listAccounts, listAccountsOfCustomers } = statements;
      const page =
        wanted.length === 0
          ? await listRows(executor, listAccounts, query, [unwanted])
          : await listRows(executor, listAccountsOfCustomers, query, [unwanted, wanted]);
      return { items: page.items.map(accountFromRow), next: page.next };
    },
  };
}

export function accountWrites(tx: Executor): AccountWrites {
  return {
    ...accountReads(tx),
    lockAccount: async (id) => {
      if (!(await first(tx, statements.lockAccount, [id]))) return undefined;
      return accountFromRow(await one(tx, statements.findAccount, [id]));
    },
    insertAccount: async ({ id, displayName, email, createTime }) => {
      await run(tx, statements.insertAccount, [id, displayName, email, new Date(createTime)]);
    },
    linkIdentity: async (account, { issuer, subject }, at) => {
      const values = [issuer, subject, account, new Date(at)] as const;
      return (await first(tx, statements.insertAccountIdentity, values)) !== undefined;
    },
    unlinkIdentity: async (account, { issuer, subject }) => {
      await run(tx, statements.deleteAccountIdentity, [account, issuer, subject]);
    },
    setMembership: async (account, { customerId, role, createTime }) => {
      const values = [account, customerId, role, new Date(createTime)] as const;
      await run(tx, statements.setMembership, values);
    },
    removeMembership: async (account, customer) => {
      const row = await first(tx, statements.deleteMembership, [account, customer]);
      return row !== undefined;
    },
  };
}
