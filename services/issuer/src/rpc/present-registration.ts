import type { issuer } from "@leasehold/contracts";
import type { MyAccount } from "../use-cases/my-account.ts";
import type { Registered } from "../use-cases/register.ts";
import type { SignInOption } from "../use-cases/registration-ports.ts";
import { presentAccount } from "./present-account.ts";
import { presentCustomer } from "./present-customer.ts";

/** A provider as people are told of it. */
export function presentSignInOption({
  issuer: url,
  audience,
  clientId,
}: SignInOption): issuer.IdentityProvider {
  return { issuer: url, audience, clientId: clientId ?? "" };
}

/** What was registered. */
export function presentRegistered({ account, customer }: Registered): issuer.RegisterResponse {
  return {
    account: presentAccount(account),
    customer: customer && presentCustomer(customer),
  };
}

/** Who somebody is who signed in. */
export function presentMyAccount({ person, account }: MyAccount): issuer.GetMyAccountResponse {
  return {
    identity: person && { issuer: person.issuer, subject: person.subject },
    email: person?.email ?? "",
    emailVerified: person?.emailVerified ?? false,
    account: account && presentAccount(account),
  };
}
