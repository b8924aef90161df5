import { issuer as contract } from "@leasehold/contracts";
import { type ErrorReason, isProblem } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import type { FindAccount, FoundAccount } from "./account-authenticator.ts";
import { accountsAway } from "./auth-problems.ts";
import type { CustomerRole } from "./principal.ts";
import { withServiceToken } from "./service-token.ts";
import type { DeploymentRole } from "./roles.ts";

/** What tells that the issuer cannot answer now. */
const AWAY: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "DEPENDENCY_UNAVAILABLE",
  "SERVER_UNTRUSTED",
  "DEADLINE_EXCEEDED",
  "OVERLOADED",
  "DRAINING",
  "RATE_LIMITED",
]);

const ROLES: Readonly<Partial<Record<contract.CustomerRole, CustomerRole>>> = {
  [contract.CustomerRole.ADMINISTRATOR]: "ADMINISTRATOR",
  [contract.CustomerRole.USER]: "USER",
};

const DEPLOYMENT_ROLES: Readonly<Partial<Record<contract.DeploymentRole, DeploymentRole>>> = {
  [contract.DeploymentRole.OWNER]: "OWNER",
  [contract.DeploymentRole.LICENSING_ADMIN]: "LICENSING_ADMIN",
  [contract.DeploymentRole.SUPPORT]: "SUPPORT",
  [contract.DeploymentRole.AUDITOR]: "AUDITOR",
  [contract.DeploymentRole.KEY_CUSTODIAN]: "KEY_CUSTODIAN",
};

/**
 * Finds accounts at the issuer.
 * @param token this service's bearer secret, which holds `accounts.read` there; without it, its certificate does
 */
export function issuerAccounts(channel: Channel, token: string | undefined): FindAccount {
  const accounts = client(contract.AccountServiceDefinition, channel, withServiceToken(token));
  return async ({ issuer, subject }) => {
    try {
      const { account } = await accounts.findAccount({ identity: { issuer, subject } });
      return account && foundAccount(account);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      if (thrown.reason === "NOT_FOUND") return undefined;
      if (AWAY.has(thrown.reason)) throw accountsAway(thrown);
      throw new Error(`the issuer refused FindAccount over ${thrown.reason}`, { cause: thrown });
    }
  };
}

/** A role that this release does not know grants nothing. */
function foundAccount({ name, memberships, deploymentRoles }: contract.Account): FoundAccount {
  const customerRoles = memberships.flatMap(({ customer, role }) => {
    const known = ROLES[role];
    return known ? [[customer, known] as const] : [];
  });
  const roles = deploymentRoles.flatMap((role) => DEPLOYMENT_ROLES[role] ?? []);
  return { account: name, memberships: new Map(customerRoles), roles };
}
