import type { Clock } from "@leasehold/kernel";
import type { Channel } from "@leasehold/rpc-client";
import { accessTokenVerifier } from "./access-token-verifier.ts";
import { accountAuthenticator } from "./account-authenticator.ts";
import type { Authenticator } from "./authenticator.ts";
import type { IdentityProvider } from "./identity-providers.ts";
import { issuerAccounts } from "./issuer-accounts.ts";
import { rememberedAccounts } from "./remembered-accounts.ts";

/** What a service knows people by that asks the issuer for accounts. */
export interface PeopleAuthenticatorOptions {
  /** Whom people sign in with; without any, nobody is let in. */
  readonly identityProviders: readonly IdentityProvider[] | undefined;
  /** To the issuer. */
  readonly issuer: Channel;
  /** This service's bearer secret, which holds `accounts.read` there; without it, its certificate does. */
  readonly serviceToken: string | undefined;
  readonly clock: Pick<Clock, "now">;
}

/** Knows people by their providers' tokens and the issuer's accounts, as they were half a minute ago at most. */
export function peopleAuthenticator({
  identityProviders = [],
  issuer,
  serviceToken,
  clock,
}: PeopleAuthenticatorOptions): Authenticator {
  return accountAuthenticator({
    verify: accessTokenVerifier(identityProviders, clock),
    findAccount: rememberedAccounts(issuerAccounts(issuer, serviceToken), clock),
  });
}
