import { activation, issuer, type LicenseTerms } from "@leasehold/contracts";
import { type Installation, installationCredentials } from "@leasehold/client";
import { signIn } from "@leasehold/dev-provider";
import { LICENSEE } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { channelTo } from "./dial.ts";
import type { Stage } from "./stage.ts";

/** What there is at one customer's. */
export interface Belongings {
  /** `customers/{customer}` */
  readonly customer: string;
  readonly account: string;
  /** Of the person who administers it. */
  readonly accessToken: string;
  readonly product: string;
  readonly license: string;
  readonly productKey: string;
  readonly productKeyName: string;
  readonly resourceLicense: string;
  readonly resource: string;
  readonly invitation: string;
  readonly joinRequest: string;
  readonly machine: { readonly directory: string; readonly installation: Installation };
}

const SALE = {
  seats: 50,
  features: ["dataflow"],
  leaseTimes: { validityMs: 60_000, graceMs: 10_000 },
} as const;

export function requestId(): string {
  return newUuid(systemClock, systemRandom);
}

/** Lets a customer register, and gives it something of everything. */
export async function belongings(stage: Stage, name: string): Promise<Belongings> {
  const { cluster, desk } = stage;
  await using toIssuer = channelTo(stage.listeners.issuer);
  await using toActivation = channelTo(stage.listeners.activation);
  const accessToken = await comeIn(stage, `${name}@${name}.example`);
  const people = peopleClients(toIssuer, accessToken);
  const { account, customer } = await people.self.register({
    requestId: requestId(),
    displayName: name,
    customerDisplayName: `${name} Ltd`,
  });
  if (!account || !customer) throw new Error("the issuer answered without the customer");
  const sample = await desk.sell(SALE);
  const license = await issue(stage, customer.name, sample.license);
  const databases = await desk.sell({ ...SALE, databases: 1 });
  const resourceLicense = await issue(stage, customer.name, databases.license);
  const { secret, productKey } = await desk.issuer.createProductKey({
    requestId: requestId(),
    parent: license.name,
  });
  const { invitation } = await people.accounts.createInvitation({
    requestId: requestId(),
    parent: customer.name,
    invitation: { email: "x@y.z", role: issuer.CustomerRole.USER },
  });
  const metadata = () => ({ authorization: `Bearer ${accessToken}` });
  const resources = client(activation.ResourceServiceDefinition, toActivation, { metadata });
  const { resource } = await resources.registerResource({
    requestId: requestId(),
    parent: customer.name,
    resource: { externalId: `db-${name}`, displayName: "orders", kind: "postgres" },
  });
  const sold = { license, productKey: secret };
  return {
    customer: customer.name,
    account: account.name,
    accessToken,
    product: license.product,
    license: license.name,
    productKey: secret,
    productKeyName: productKey?.name ?? "",
    resourceLicense: resourceLicense.name,
    resource: resource?.name ?? "",
    invitation: invitation?.name ?? "",
    joinRequest: await joinRequestAt(stage, toIssuer, people, customer),
    machine: await unlockMachine(cluster, sold, stage.folder, name),
  };
}

/** Signs somebody in with the provider. @returns the access token */
export async function comeIn({ cluster }: Stage, email: string): Promise<string> {
  const { identityProvider } = cluster;
  if (identityProvider === undefined) throw new Error("nobody can sign in on this stage");
  return (await signIn(identityProvider, { email, name: email })).accessToken;
}

function peopleClients(toIssuer: Channel, accessToken: string) {
  const metadata = () => ({ authorization: `Bearer ${accessToken}` });
  return {
    self: client(issuer.RegistrationServiceDefinition, toIssuer, { metadata }),
    accounts: client(issuer.AccountServiceDefinition, toIssuer, { metadata }),
  };
}

/** Sells to a customer what was sold to another one. */
async function issue(
  { desk }: Pick<Stage, "desk">,
  parent: string,
  like: issuer.License,
  terms: Partial<LicenseTerms> = {},
): Promise<issuer.License> {
  const { license } = await desk.issuer.issueLicense({
    requestId: requestId(),
    parent,
    license: { product: like.product, licensee: LICENSEE, terms: { ...like.terms, ...terms } },
  });
  if (!license) throw new Error("the issuer answered without the license");
  return license;
}

async function joinRequestAt(
  stage: Stage,
  toIssuer: Channel,
  by: ReturnType<typeof peopleClients>,
  { name: parent, referenceId }: issuer.Customer,
): Promise<string> {
  const asking = peopleClients(
    toIssuer,
    await comeIn(stage, `${referenceId.toLowerCase()}@asks.example`),
  );
  const register = { requestId: requestId(), displayName: "asking", customerDisplayName: "" };
  await asking.self.register(register);
  await asking.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  const { joinRequests } = await by.accounts.listJoinRequests({ parent });
  return joinRequests[0]?.name ?? "";
}

/** The headers of an installation's calls to a service; a proof serves for minutes. */
export function installationHeaders(
  { machine }: Pick<Belongings, "machine">,
  service: string,
): () => Promise<Record<string, string>> {
  const clocks = { clock: systemClock, random: systemRandom };
  const credentials = installationCredentials(machine.installation, service, clocks);
  return () => credentials.metadata();
}
