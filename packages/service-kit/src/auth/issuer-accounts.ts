import { issuer as contract } from "@leasehold/contracts";
import { type ErrorReason, isProblem } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import type { FindAccount, FoundAccount } from "./account-authenticator.ts";
import { accountsAway } from "./auth-problems.ts";
import type { CustomerRole } from "./principal.ts";
import { withServiceToken } from "./service-token.ts";

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
function foundAccount({ name, memberships }: contract.Account): FoundAccount {
  const roles = memberships.flatMap(({ customer, role }) => {
    const known = ROLES[role];
    return known ? [[customer, known] as const] : [];
  });
  return { account: name, memberships: new Map(roles) };
}
