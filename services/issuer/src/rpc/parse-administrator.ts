import { issuer } from "@leasehold/contracts";
import { isBootstrapToken } from "@leasehold/license-format";
import type { Uuid } from "@leasehold/kernel";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import { type Check, mayDispose } from "@leasehold/service-kit";
import type { Identity } from "../domain/account.ts";
import type { DeploymentRole } from "../domain/administrator.ts";
import { ADMINISTRATORS_LIST, type AdministratorField } from "../domain/administrator-list.ts";
import { bootstrapDigest } from "../domain/bootstrap.ts";
import type { ChangeRole } from "../use-cases/change-roles.ts";
import { readAccountName, readIdentity } from "./parse-account.ts";

const ROLE = {
  [issuer.DeploymentRole.OWNER]: "OWNER",
  [issuer.DeploymentRole.LICENSING_ADMIN]: "LICENSING_ADMIN",
  [issuer.DeploymentRole.SUPPORT]: "SUPPORT",
  [issuer.DeploymentRole.AUDITOR]: "AUDITOR",
  [issuer.DeploymentRole.KEY_CUSTODIAN]: "KEY_CUSTODIAN",
} as const satisfies Record<
  Exclude<issuer.DeploymentRole, typeof issuer.DeploymentRole.UNSPECIFIED>,
  DeploymentRole
>;
const ROLES = [
  issuer.DeploymentRole.OWNER,
  issuer.DeploymentRole.LICENSING_ADMIN,
  issuer.DeploymentRole.SUPPORT,
  issuer.DeploymentRole.AUDITOR,
  issuer.DeploymentRole.KEY_CUSTODIAN,
] as const;

/** What stands for the token that makes the first owner. */
export function readBecomeFirstOwner(
  check: Check,
  { bootstrapToken }: issuer.BecomeFirstOwnerRequest,
): Uint8Array {
  if (!isBootstrapToken(bootstrapToken))
    check.violation("bootstrap_token", "must be lh_boot_ and 51 characters, the last 8 a checksum");
  return bootstrapDigest(bootstrapToken);
}

/** The role to give. @param held what whoever gives it may do */
export function readGrantRole(
  check: Check,
  request: issuer.GrantRoleRequest,
  held: ReadonlySet<string>,
): ChangeRole {
  const role = readRole(check, request.role);
  return { account: readAccount(check, request), role, inReach: mayDispose(held, role) };
}

/** The role to take. @param held what whoever takes it may do */
export function readRevokeRole(
  check: Check,
  request: issuer.RevokeRoleRequest,
  held: ReadonlySet<string>,
): ChangeRole {
  const account = readAccountName(check, "account", request.account);
  const role = readRole(check, request.role);
  return { account, role, inReach: mayDispose(held, role) };
}

/** The page of administrators to tell of. */
export function readListAdministrators(
  check: Check,
  request: issuer.ListAdministratorsRequest,
  tokens: PageTokens,
): ListReading<AdministratorField> {
  const call = { tokens, method: "ListAdministrators", parent: "" };
  return readList(check, ADMINISTRATORS_LIST, request, call);
}

function readAccount(
  check: Check,
  { account, identity }: issuer.GrantRoleRequest,
): Uuid | Identity {
  if (identity === undefined) return readAccountName(check, "account", account);
  if (account !== "") check.violation("identity", "must not stand beside account");
  return readIdentity(check, identity);
}

function readRole(check: Check, role: issuer.DeploymentRole): DeploymentRole {
  return ROLE[check.oneOf("role", role, ROLES)];
}
