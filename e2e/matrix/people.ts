import { type activation, issuer } from "@leasehold/contracts";
import type { Cluster } from "@leasehold/dev-cluster";
import { type PersonFacts, signIn } from "@leasehold/dev-provider";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type CallMetadata, type Channel, type Client, client } from "@leasehold/rpc-client";

/** Somebody who signed in, and has an account if they registered. */
export interface MatrixPerson {
  readonly metadata: () => CallMetadata;
  /** `accounts/{account}`; empty without an account. */
  readonly account: string;
  /** The customer that they registered; `undefined` if none. */
  readonly customer: issuer.Customer | undefined;
  readonly accounts: Client<typeof issuer.AccountServiceDefinition>;
  readonly administrators: Client<typeof issuer.AdministratorServiceDefinition>;
}

/** What the desk does for the matrix, as the bearer administrator who may do everything. */
export interface MatrixDesk {
  readonly accounts: Client<typeof issuer.AccountServiceDefinition>;
  readonly issuer: Client<typeof issuer.IssuerServiceDefinition>;
  readonly resources: Client<typeof activation.ResourceServiceDefinition>;
  readonly namedUsers: Client<typeof activation.NamedUserServiceDefinition>;
}

/** Signs somebody in; with an account and a customer if wanted. */
export async function comeIn(
  { identityProvider }: Pick<Cluster, "identityProvider">,
  channel: Channel,
  facts: PersonFacts,
  register: { readonly customer: string } | undefined,
): Promise<MatrixPerson> {
  if (!identityProvider) throw new Error("the matrix needs a cluster that people sign in to");
  const { accessToken } = await signIn(identityProvider, facts);
  const metadata = () => ({ authorization: `Bearer ${accessToken}` });
  const self = client(issuer.RegistrationServiceDefinition, channel, { metadata });
  const registered =
    register &&
    (await self.register({
      requestId: requestId(),
      displayName: "",
      customerDisplayName: register.customer,
    }));
  return {
    metadata,
    account: registered?.account?.name ?? "",
    customer: registered?.customer,
    accounts: client(issuer.AccountServiceDefinition, channel, { metadata }),
    administrators: client(issuer.AdministratorServiceDefinition, channel, { metadata }),
  };
}

export function requestId(): string {
  return newUuid(systemClock, systemRandom);
}
