import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { CustomerRole } from "../domain/account.ts";
import type { AccountColumn } from "./account-filter.ts";
import type { AccountRow } from "./account-rows.ts";
import { sql } from "./sql.ts";

export const insertAccount = statement<
  never,
  readonly [id: Uuid, displayName: string, email: string, createTime: Date]
>(sql("insert_account"));

export const findAccount = statement<AccountRow, readonly [id: Uuid]>(sql("find_account"));

export const findAccountByIdentity = statement<
  AccountRow,
  readonly [issuer: string, subject: string]
>(sql("find_account_by_identity"));

const LISTED = {
  columns: { display_name: "display_name", email: "email", create_time: "create_time" },
  key: "id",
} as const;

export const listAccounts = listStatement<
  AccountRow,
  readonly [unwanted: readonly string[]],
  AccountColumn
>(sql("list_accounts"), LISTED);

export const listAccountsOfCustomers = listStatement<
  AccountRow,
  readonly [unwanted: readonly string[], wanted: readonly string[]],
  AccountColumn
>(sql("list_accounts_of_customers"), LISTED);

export const lockAccount = statement<{ readonly id: Uuid }, readonly [id: Uuid]>(
  sql("lock_account"),
);

export const insertAccountIdentity = statement<
  { readonly slot: number },
  readonly [issuer: string, subject: string, account: Uuid, at: Date]
>(sql("insert_account_identity"));

export const deleteAccountIdentity = statement<
  never,
  readonly [account: Uuid, issuer: string, subject: string]
>(sql("delete_account_identity"));

export const setMembership = statement<
  never,
  readonly [account: Uuid, customer: Uuid, role: CustomerRole, since: Date]
>(sql("set_membership"));

export const deleteMembership = statement<
  { readonly account_id: Uuid },
  readonly [account: Uuid, customer: Uuid]
>(sql("delete_membership"));
