import type { Clock } from "@leasehold/kernel";
import { accessTokenVerifier, accountAuthenticator } from "@leasehold/service-kit";
import type { Authenticator, FindAccount } from "@leasehold/service-kit";
import type { IssuerConfig } from "./config.ts";
import { accountName } from "./domain/account-names.ts";
import { customerName } from "./domain/resource-names.ts";
import type { IssuerStore } from "./use-cases/ports.ts";
import type { RegistrationPorts } from "./use-cases/registration-ports.ts";

/** How people are known, and what they need to come in by themselves. */
interface ComposedSignIn {
  readonly authenticate: Authenticator;
  readonly ports: Pick<RegistrationPorts, "signInOptions" | "selfRegistration" | "verifyPerson">;
}

/** Knows people by their providers' tokens and this issuer's own accounts, as they are just now. */
export function composeSignIn(
  { identityProviders = [], selfRegistration }: IssuerConfig,
  clock: Pick<Clock, "now">,
  store: Pick<IssuerStore, "findAccountByIdentity">,
): ComposedSignIn {
  const verify = accessTokenVerifier(identityProviders, clock);
  return {
    authenticate: accountAuthenticator({ verify, findAccount: ownAccounts(store) }),
    ports: { signInOptions: identityProviders, selfRegistration, verifyPerson: verify },
  };
}

function ownAccounts(store: Pick<IssuerStore, "findAccountByIdentity">): FindAccount {
  return async ({ issuer, subject }) => {
    const account = await store.findAccountByIdentity({ issuer, subject });
    if (!account) return undefined;
    const customerRoles = account.memberships.map(
      ({ customerId, role }) => [customerName(customerId), role] as const,
    );
    return {
      account: accountName(account.id),
      memberships: new Map(customerRoles),
      roles: account.deploymentRoles,
    };
  };
}
