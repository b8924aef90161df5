import { readFile } from "node:fs/promises";
import { installationCredentials, type Installation } from "@leasehold/client";
import { activation, issuer, seatBroker } from "@leasehold/contracts";
import type { Cluster } from "@leasehold/dev-cluster";
import { systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { guardedFolder } from "@leasehold/testkit";
import { LicensingDesk } from "../desk/licensing-desk.ts";
import type { Belongings } from "./belongings.ts";
import type { ServerName } from "./contract-methods.ts";
import { type AccountStanding, EVERYWHERE, type MatrixCaller } from "./matrix-caller.ts";
import { comeIn, type MatrixDesk, type MatrixPerson, requestId } from "./people.ts";
import { type RolesTable, rolesTable } from "./roles-table.ts";
import { strangers } from "./strangers.ts";
import { settleCustomer } from "./settle-customer.ts";

const NONE: ReadonlySet<string> = new Set();

/** A person of one customer, who is looked at closely. */
export interface Member {
  readonly caller: MatrixCaller;
  /** What is their customer's, and themselves. */
  readonly own: Belongings;
  readonly standing: AccountStanding;
  readonly role: "ADMINISTRATOR" | "USER";
}

/** Everybody who calls, and what they call about. */
export interface Scene extends AsyncDisposable {
  readonly channels: Readonly<Record<ServerName, Channel>>;
  readonly callers: readonly MatrixCaller[];
  readonly members: readonly Member[];
  /** Another customer's than the members'. */
  readonly foreign: Belongings;
}

/** Sets the scene on a cluster that people sign in to. */
export async function openScene(cluster: Cluster): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const channels = {
    issuer: stack.use(cluster.connect(cluster.addresses.issuer)),
    activation: stack.use(cluster.connect(cluster.addresses.activation)),
    "seat-broker": stack.use(cluster.connect(cluster.addresses.seatBroker)),
  };
  const folder = stack.use(await guardedFolder("matrix"));
  const sales = stack.use(new LicensingDesk({ ...cluster.addresses, ...cluster }));
  const people = await everybody(cluster, channels.issuer);
  const desk = deskOf(cluster, channels);
  const common = { cluster, sales, desk, folder: folder.path, asking: people.asking };
  const { ada, bob, eve, fred, both } = people;
  const own = await settleCustomer({ ...common, administrator: ada, user: bob });
  const foreign = await settleCustomer({ ...common, administrator: eve, user: fred });
  await joinAsUser(desk, both, own.belongings.customer);
  await grantRoles(cluster, channels.issuer, people);
  const roles = await rolesTable();
  const members = membersOf(people, own.belongings, roles);
  const callers = [
    ...strangers(cluster),
    ...(await services(cluster, stack)),
    installationCaller("installation", own.installation),
    installationCaller("installation of another product", foreign.installation),
    ...signedIn(people, roles),
    ...members.map(({ caller }) => caller),
  ];
  const open = stack.move();
  return {
    channels,
    callers,
    members,
    foreign: foreign.belongings,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The people of the first customer; whoever may do the most comes last. */
function membersOf(
  { ada, bob, both }: Everybody,
  belongings: Belongings,
  roles: RolesTable,
): readonly Member[] {
  const member = (
    name: string,
    person: MatrixPerson,
    role: Member["role"],
    permissions = NONE,
  ): Member => {
    const standing = {
      kind: "account",
      permissions,
      administers: role === "ADMINISTRATOR",
    } as const;
    return {
      caller: accountCaller(name, person, standing),
      own: { ...belongings, account: person.account },
      standing,
      role,
    };
  };
  return [
    member("USER", bob, "USER"),
    member("USER and SUPPORT", both, "USER", roles.get("SUPPORT")),
    member("ADMINISTRATOR", ada, "ADMINISTRATOR"),
  ];
}

/** Who signed in, and acts for no customer. */
function signedIn(
  { byRole, asking, newcomer }: Everybody,
  roles: RolesTable,
): readonly MatrixCaller[] {
  return [
    ...[...byRole].map(([role, person]) => accountCaller(role, person, nobodysAt(roles.get(role)))),
    accountCaller("account without a customer", asking, nobodysAt()),
    personCaller("person without an account", newcomer),
  ];
}

/** Of an account that acts for no customer. */
function nobodysAt(permissions = NONE): AccountStanding {
  return { kind: "account", permissions, administers: false };
}

function deskOf(cluster: Cluster, channels: Scene["channels"]): MatrixDesk {
  const metadata = () => ({ authorization: `Bearer ${cluster.adminToken}` });
  return {
    accounts: client(issuer.AccountServiceDefinition, channels.issuer, { metadata }),
    issuer: client(issuer.IssuerServiceDefinition, channels.issuer, { metadata }),
    resources: client(activation.ResourceServiceDefinition, channels.activation, { metadata }),
    namedUsers: client(activation.NamedUserServiceDefinition, channels.activation, { metadata }),
  };
}

/** Everybody who signs in. */
interface Everybody {
  readonly ada: MatrixPerson;
  readonly bob: MatrixPerson;
  readonly eve: MatrixPerson;
  readonly fred: MatrixPerson;
  /** Has a customer, and is to have a role. */
  readonly both: MatrixPerson;
  readonly asking: MatrixPerson;
  readonly newcomer: MatrixPerson;
  /** Those of the vendor's, by the role that they are to have. */
  readonly byRole: ReadonlyMap<string, MatrixPerson>;
}

async function everybody(cluster: Cluster, channel: Channel): Promise<Everybody> {
  const person = (name: string, register?: { readonly customer: string }) =>
    comeIn(cluster, channel, { email: `${name}@matrix.example`, name }, register);
  const byRole = new Map<string, MatrixPerson>();
  for (const role of (await rolesTable()).keys())
    byRole.set(role, await person(role.toLowerCase(), { customer: "" }));
  return {
    ada: await person("ada", { customer: "Own Ltd" }),
    bob: await person("bob", { customer: "" }),
    eve: await person("eve", { customer: "Foreign Ltd" }),
    fred: await person("fred", { customer: "" }),
    both: await person("both", { customer: "" }),
    asking: await person("asking", { customer: "" }),
    newcomer: await person("newcomer"),
    byRole,
  };
}

/** The owner of the cluster gives everybody of the vendor's their role. */
async function grantRoles(
  cluster: Cluster,
  channel: Channel,
  { byRole, both }: Everybody,
): Promise<void> {
  if (!cluster.owner) throw new Error("the matrix needs a cluster with an owner");
  const { administrators } = await comeIn(cluster, channel, cluster.owner, undefined);
  const grant = (account: string, role: string) =>
    administrators.grantRole({
      requestId: requestId(),
      account,
      role: issuer.DeploymentRole[role as keyof typeof issuer.DeploymentRole],
    });
  for (const [role, { account }] of byRole) await grant(account, role);
  await grant(both.account, "SUPPORT");
}

async function joinAsUser(desk: MatrixDesk, { account }: MatrixPerson, customer: string) {
  const role = issuer.CustomerRole.USER;
  await desk.accounts.setMembership({ requestId: requestId(), name: account, customer, role });
}

/** The services of the cluster, at the listeners that are theirs; and with a secret of theirs, in public. */
async function services(
  cluster: Cluster,
  stack: AsyncDisposableStack,
): Promise<readonly MatrixCaller[]> {
  const { issuer, activation, seatBroker } = cluster.internalAddresses;
  const callers: MatrixCaller[] = [];
  for (const service of ["activation", "seat-broker"] as const) {
    const to = (address: string) => stack.use(cluster.connectAs(service, address));
    callers.push({
      name: `service ${service}`,
      standing: { kind: "service", service },
      knownAt: EVERYWHERE,
      metadata: () => ({}),
      channels: { issuer: to(issuer), activation: to(activation), "seat-broker": to(seatBroker) },
    });
    const token = (await readFile(cluster.serviceTokenFiles[service], "utf8")).trim();
    callers.push({
      name: `service ${service}, in public`,
      standing: { kind: "nobody" },
      knownAt: [],
      metadata: () => ({ authorization: `Bearer ${token}` }),
    });
  }
  return callers;
}

function installationCaller(name: string, installation: Installation): MatrixCaller {
  const known = { clock: systemClock, random: systemRandom };
  return {
    name,
    standing: { kind: "installation" },
    knownAt: ["activation", "seat-broker"],
    metadata: (service) =>
      installationCredentials(installation, audienceOf(service), known).metadata(),
  };
}

function accountCaller(
  name: string,
  { metadata }: MatrixPerson,
  standing: AccountStanding,
): MatrixCaller {
  return { name, standing, knownAt: EVERYWHERE, metadata };
}

/** The service that a server's installations prove themselves to, whichever of its services they call. */
function audienceOf(service: string): string {
  const { ActivationServiceDefinition: activating } = activation;
  const { SeatBrokerServiceDefinition: leasing } = seatBroker;
  const packageOf = (name: string) => name.slice(0, name.lastIndexOf("."));
  const main = [activating, leasing].find(
    ({ fullName }) => packageOf(fullName) === packageOf(service),
  );
  return main?.fullName ?? service;
}

function personCaller(name: string, { metadata }: MatrixPerson): MatrixCaller {
  return { name, standing: { kind: "person" }, knownAt: EVERYWHERE, metadata };
}
