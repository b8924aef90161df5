import { issuer } from "@leasehold/contracts";
import { accountName } from "../domain/account-names.ts";
import type { Administrator, DeploymentRole } from "../domain/administrator.ts";

const ROLE = {
  OWNER: issuer.DeploymentRole.OWNER,
  LICENSING_ADMIN: issuer.DeploymentRole.LICENSING_ADMIN,
  SUPPORT: issuer.DeploymentRole.SUPPORT,
  AUDITOR: issuer.DeploymentRole.AUDITOR,
  KEY_CUSTODIAN: issuer.DeploymentRole.KEY_CUSTODIAN,
} as const satisfies Record<DeploymentRole, issuer.DeploymentRole>;

/** A role as the contract has it. */
export function presentDeploymentRole(role: DeploymentRole): issuer.DeploymentRole {
  return ROLE[role];
}

/** An administrator as the contract has it. */
export function presentAdministrator({
  account,
  displayName,
  email,
  grants,
}: Administrator): issuer.Administrator {
  return {
    account: accountName(account),
    displayName,
    email,
    grants: grants.map(({ role, grantedBy, grantTime }) => ({
      role: ROLE[role],
      grantedBy,
      grantTime: new Date(grantTime),
    })),
  };
}
