import { issuer } from "@leasehold/contracts";
import {
  type IdentityProvider,
  type PersonFacts,
  signIn,
  startIdentityProvider,
} from "@leasehold/dev-provider";
import { client, connect, type Client } from "@leasehold/rpc-client";
import { issuerUnderTest, requestId } from "./issuer-under-test.ts";
import type { IssuerOptions, IssuerUnderTest } from "./issuer-under-test.ts";

export const AUDIENCE = "urn:leasehold:test";

/** What somebody who signed in calls with. */
export interface SignedInPerson {
  readonly accessToken: string;
  readonly self: Client<typeof issuer.RegistrationServiceDefinition>;
  readonly accounts: Client<typeof issuer.AccountServiceDefinition>;
  readonly administrators: Client<typeof issuer.AdministratorServiceDefinition>;
  readonly issuer: Client<typeof issuer.IssuerServiceDefinition>;
  readonly licenses: Client<typeof issuer.LicenseServiceDefinition>;
}

/** An issuer that people sign in to, with a provider of its own. */
export interface IssuerWithPeople extends AsyncDisposable {
  readonly under: IssuerUnderTest;
  readonly provider: IdentityProvider;
  /** Somebody who calls with a token as it is; none if absent. */
  as(accessToken: string): SignedInPerson;
  signIn(person: PersonFacts): Promise<SignedInPerson>;
}

export async function issuerWithPeople(options: IssuerOptions = {}): Promise<IssuerWithPeople> {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider({ audience: AUDIENCE }));
  const under = opening.use(
    await issuerUnderTest({
      ...options,
      config: { identityProviders: [trusted(provider)], selfRegistration: true, ...options.config },
    }),
  );
  const channel = opening.use(connect(under.address));
  const as = (accessToken: string): SignedInPerson => {
    const metadata = () => ({ authorization: `Bearer ${accessToken}` });
    return {
      accessToken,
      self: client(issuer.RegistrationServiceDefinition, channel, { metadata }),
      accounts: client(issuer.AccountServiceDefinition, channel, { metadata }),
      administrators: client(issuer.AdministratorServiceDefinition, channel, { metadata }),
      issuer: client(issuer.IssuerServiceDefinition, channel, { metadata }),
      licenses: client(issuer.LicenseServiceDefinition, channel, { metadata }),
    };
  };
  const open = opening.move();
  return {
    under,
    provider,
    as,
    signIn: async (person) => as((await signIn(provider, person)).accessToken),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** How the issuer is told to trust a provider. */
export function trusted({ issuer: url, audience, clientId }: IdentityProvider) {
  return {
    issuer: url,
    audience,
    clientId,
    claims: { email: "email", emailVerified: "email_verified", displayName: "name" },
    vouchesForEmail: false,
  };
}

/** Registers somebody with a new customer of this name, or with none. */
export async function registered(
  person: SignedInPerson,
  customerDisplayName = "",
): Promise<{ readonly account: issuer.Account; readonly customer: issuer.Customer }> {
  const { account, customer } = await person.self.register({
    requestId: requestId(),
    displayName: "",
    customerDisplayName,
  });
  return { account: account!, customer: customer! };
}

/** Somebody tries to become the first owner. */
export async function becomeOwner(
  { administrators }: SignedInPerson,
  bootstrapToken: string,
): Promise<issuer.Administrator> {
  const request = { requestId: requestId(), bootstrapToken };
  return (await administrators.becomeFirstOwner(request)).administrator!;
}
