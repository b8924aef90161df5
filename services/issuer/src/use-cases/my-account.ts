import type { Account } from "../domain/account.ts";
import type { Caller } from "../domain/caller.ts";
import { accountNotFound } from "../domain/account-problems.ts";
import type { Person } from "../domain/person.ts";
import { linkIdentity } from "./change-identities.ts";
import { getAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import type { RegistrationPorts } from "./registration-ports.ts";

/** Who somebody is who signed in. */
export interface MyAccount {
  /** `undefined` if it is not known how they did. */
  readonly person: Person | undefined;
  /** `undefined` if they have none. */
  readonly account: Account | undefined;
}

/** Who the caller is. @throws Problem `NOT_FOUND` to whoever is not a person */
export async function getMyAccount(
  ports: Pick<IssuerPorts, "store">,
  caller: Caller,
): Promise<MyAccount> {
  if (caller.kind === "vendor") throw accountNotFound();
  const { person } = caller;
  if (caller.kind === "person") return { person, account: undefined };
  return { person, account: await getAccount(ports, caller.account) };
}

/**
 * Gives the caller's account a second way to sign in, of which they have a token as well.
 * @throws Problem `UNAUTHENTICATED` over that token, `DEPENDENCY_UNAVAILABLE` if it cannot be
 *   verified now; `LIMIT_REACHED`, `ALREADY_EXISTS` if an account has the identity
 */
export async function linkMyIdentity(
  ports: IssuerPorts & Pick<RegistrationPorts, "verifyPerson">,
  mutation: Mutation,
  accessToken: string,
): Promise<Account> {
  const { caller } = mutation;
  if (caller.kind !== "account") throw accountNotFound();
  const { issuer, subject } = await ports.verifyPerson(accessToken);
  return linkIdentity(ports, mutation, {
    account: caller.account,
    identity: { issuer, subject },
  });
}
