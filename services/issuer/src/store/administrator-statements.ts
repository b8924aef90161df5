import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { DeploymentRole, RoleGrant } from "../domain/administrator.ts";
import type { AdministratorField } from "../domain/administrator-list.ts";
import { sql } from "./sql.ts";

/** A row of the view `administrator`. */
export interface AdministratorRow {
  readonly id: Uuid;
  readonly display_name: string;
  readonly email: string;
  readonly grants: readonly RoleGrant[];
}

export const lockAdministrators = statement<never>(sql("lock_administrators"));

export const countOwners = statement<{ readonly owners: number }>(sql("count_owners"));

export const grantRole = statement<
  never,
  readonly [account: Uuid, role: DeploymentRole, grantedBy: string, grantTime: Date]
>(sql("grant_role"));

export const revokeRole = statement<
  { readonly account_id: Uuid },
  readonly [account: Uuid, role: DeploymentRole]
>(sql("revoke_role"));

export const findAdministrator = statement<AdministratorRow, readonly [account: Uuid]>(
  sql("find_administrator"),
);

export const listAdministrators = listStatement<AdministratorRow, readonly [], AdministratorField>(
  sql("list_administrators"),
  {
    columns: { display_name: "display_name", email: "email" },
    key: "id",
  },
);

export const seeBootstrapToken = statement<
  { readonly first_seen_time: Date; readonly latest_time: Date },
  readonly [sha256: Uint8Array, now: Date]
>(sql("see_bootstrap_token"));
