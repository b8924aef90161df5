import type { Uuid } from "@leasehold/kernel";

/** What a person may be in the deployment; the service kit has a table of what each permits. */
export type DeploymentRole = "OWNER" | "LICENSING_ADMIN" | "SUPPORT" | "AUDITOR" | "KEY_CUSTODIAN";

/** That a person has a role. */
export interface RoleGrant {
  readonly role: DeploymentRole;
  /** As the audit log names them. */
  readonly grantedBy: string;
  /** Milliseconds since 1970. */
  readonly grantTime: number;
}

/** A person of the vendor's, as an account with what it may do; perhaps nothing any more. */
export interface Administrator {
  readonly account: Uuid;
  readonly displayName: string;
  readonly email: string;
  /** In the order in which they were granted. */
  readonly grants: readonly RoleGrant[];
}

/** Whether an administrator has a role. */
export function hasRole({ grants }: Pick<Administrator, "grants">, role: DeploymentRole): boolean {
  return grants.some((grant) => grant.role === role);
}
