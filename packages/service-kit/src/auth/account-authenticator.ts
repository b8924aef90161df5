import type { Authenticator } from "./authenticator.ts";
import type { VerifyAccessToken } from "./access-token-verifier.ts";
import type { CustomerRole, Principal, SignedIn } from "./principal.ts";
import type { DeploymentRole } from "./roles.ts";

/** An account as far as it matters who calls. */
export interface FoundAccount {
  /** `accounts/{account}`. */
  readonly account: string;
  /** For whom it acts, `customers/{customer}`, and as what. */
  readonly memberships: ReadonlyMap<string, CustomerRole>;
  /** What it may do for the vendor. */
  readonly roles: readonly DeploymentRole[];
}

/**
 * Finds the account of an identity; `undefined` if it has none.
 * @throws Problem `DEPENDENCY_UNAVAILABLE` if that cannot be told now
 */
export type FindAccount = (
  identity: Pick<SignedIn, "issuer" | "subject">,
) => Promise<FoundAccount | undefined>;

/** What people are known by. */
export interface AccountAuthenticatorOptions {
  readonly verify: VerifyAccessToken;
  readonly findAccount: FindAccount;
}

/** Three parts, of which the first is a JSON object; a bearer secret has none. The last may be empty. */
const BEARER_JWT = /^Bearer (eyJ[\w-]*\.[\w-]*\.[\w-]*)$/;

/**
 * Knows people by the access token of their provider in `authorization: Bearer <JWT>`: as their
 * account, or as a person where there is none. Anything else there is another authenticator's.
 */
export function accountAuthenticator({
  verify,
  findAccount,
}: AccountAuthenticatorOptions): Authenticator {
  const identify = async (token: string): Promise<Principal> => {
    const signedIn = await verify(token);
    const found = await findAccount(signedIn);
    return found ? { kind: "account", ...found, signedIn } : { kind: "person", signedIn };
  };
  return ({ header }) => {
    const token = BEARER_JWT.exec(header("authorization") ?? "")?.[1];
    return token === undefined ? undefined : identify(token);
  };
}
