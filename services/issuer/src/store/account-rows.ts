import type { Uuid } from "@leasehold/kernel";
import type { Account, Identity, Membership } from "../domain/account.ts";
import type { DeploymentRole } from "../domain/administrator.ts";

/** A row of the view `account_with_roles`. */
export interface AccountRow {
  readonly id: Uuid;
  readonly display_name: string;
  readonly email: string;
  readonly identities: readonly Identity[];
  readonly memberships: readonly Membership[];
  readonly deployment_roles: readonly DeploymentRole[];
  readonly create_time: Date;
}

/** The account that a row holds. */
export function accountFromRow(row: AccountRow): Account {
  return {
    id: row.id,
    displayName: row.display_name,
    email: row.email,
    identities: row.identities,
    memberships: row.memberships,
    deploymentRoles: row.deployment_roles,
    createTime: row.create_time.getTime(),
  };
}
