import { issuer } from "@leasehold/contracts";
import { type IdentityProvider, type PersonFacts, signIn } from "@leasehold/dev-provider";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";

/** Who owns every cluster that people sign in to. */
export const OWNER: PersonFacts = { email: "owner@vendor.example", name: "Olga Owner" };

/** The owner signs in, registers, and becomes it with the bootstrap token, as at any other deployment. */
export async function seedOwner(
  channel: Channel,
  provider: IdentityProvider,
  bootstrapToken: string,
): Promise<void> {
  const { accessToken } = await signIn(provider, OWNER);
  const metadata = () => ({ authorization: `Bearer ${accessToken}` });
  const self = client(issuer.RegistrationServiceDefinition, channel, { metadata });
  await self.register({ requestId: requestId(), displayName: "", customerDisplayName: "" });
  const administrators = client(issuer.AdministratorServiceDefinition, channel, { metadata });
  await administrators.becomeFirstOwner({ requestId: requestId(), bootstrapToken });
}

function requestId(): string {
  return newUuid(systemClock, systemRandom);
}
