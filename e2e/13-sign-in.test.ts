import { activation, issuer, seatBroker } from "@leasehold/contracts";
import { type IdentityProvider, type PersonFacts, signIn } from "@leasehold/dev-provider";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Client, client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStory, type Story } from "./site/story.ts";

const { ADMINISTRATOR, USER } = issuer.CustomerRole;
const ADA = { email: "ada@analytical.example", name: "Ada Lovelace" };
const BOB = { email: "bob@analytical.example", name: "Bob" };
const SALE = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 30_000, graceMs: 1_000 },
} as const;

/** What somebody does who is signed in. */
interface Person {
  readonly self: Client<typeof issuer.RegistrationServiceDefinition>;
  readonly accounts: Client<typeof issuer.AccountServiceDefinition>;
  readonly issuer: Client<typeof issuer.IssuerServiceDefinition>;
  readonly licenses: Client<typeof issuer.LicenseServiceDefinition>;
  readonly installations: Client<typeof activation.ActivationServiceDefinition>;
  readonly seats: Client<typeof seatBroker.SeatBrokerServiceDefinition>;
}

let story: Story;
let channels: AsyncDisposableStack;
let ada: Person;
let bob: Person;
let first: issuer.Customer;
let second: issuer.Customer;

beforeAll(async () => {
  story = await openStory({ signIn: true });
  channels = new AsyncDisposableStack();
  ada = await comeIn(ADA);
}, 120_000);

afterAll(async () => {
  await channels.disposeAsync();
  await story[Symbol.asyncDispose]();
});

function provider(): IdentityProvider {
  return story.cluster.identityProvider!;
}

/** Somebody signs in with the provider, and has clients that show their token. */
async function comeIn(person: PersonFacts): Promise<Person> {
  const { accessToken } = await signIn(provider(), person);
  const { addresses } = story.cluster;
  const metadata = () => ({ authorization: `Bearer ${accessToken}` });
  const toIssuer = channels.use(story.cluster.connect(addresses.issuer));
  const toActivation = channels.use(story.cluster.connect(addresses.activation));
  const toBroker = channels.use(story.cluster.connect(addresses.seatBroker));
  return {
    self: client(issuer.RegistrationServiceDefinition, toIssuer, { metadata }),
    accounts: client(issuer.AccountServiceDefinition, toIssuer, { metadata }),
    issuer: client(issuer.IssuerServiceDefinition, toIssuer, { metadata }),
    licenses: client(issuer.LicenseServiceDefinition, toIssuer, { metadata }),
    installations: client(activation.ActivationServiceDefinition, toActivation, { metadata }),
    seats: client(seatBroker.SeatBrokerServiceDefinition, toBroker, { metadata }),
  };
}

function requestId(): string {
  return newUuid(systemClock, systemRandom);
}

async function register(person: Person, customerDisplayName: string) {
  return person.self.register({ requestId: requestId(), displayName: "", customerDisplayName });
}

test("somebody whom nobody knows signs in, and may do nothing but register", async () => {
  expect((await ada.self.getMyAccount({})).account).toBeUndefined();
  const list = ada.licenses.listLicenses(issuer.ListLicensesRequest.fromPartial({ parent: "x" }));
  await expect(list).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("she registers as a new customer, which she administers", async () => {
  const { account, customer } = await register(ada, "Analytical Engines Ltd");
  first = customer!;
  expect(account?.memberships).toMatchObject([{ customer: first.name, role: ADMINISTRATOR }]);
});

test("a colleague joins by the reference id, once she approves", async () => {
  bob = await comeIn(BOB);
  await register(bob, "");
  const { referenceId } = first;
  await bob.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  await expect(bob.issuer.getCustomer({ name: first.name })).rejects.toMatchObject({
    reason: "NOT_FOUND",
  });
  const { joinRequests } = await ada.accounts.listJoinRequests({ parent: first.name });
  expect(joinRequests).toMatchObject([{ displayName: BOB.name, email: BOB.email }]);
  await ada.accounts.approveJoinRequest({
    requestId: requestId(),
    name: joinRequests[0]!.name,
    role: USER,
  });
  expect((await bob.issuer.getCustomer({ name: first.name })).customer).toEqual(first);
});

test("she administers a second customer, and picks between the two", async () => {
  second = (await register(ada, "Difference Engines Ltd")).customer!;
  const { account } = await ada.self.getMyAccount({});
  expect(account?.memberships.map(({ customer }) => customer).toSorted()).toEqual(
    [first.name, second.name].toSorted(),
  );
  await expect(bob.issuer.getCustomer({ name: second.name })).rejects.toMatchObject({
    reason: "NOT_FOUND",
  });
});

test("what is another customer's is not there for her, at whichever service", async () => {
  const sold = await story.desk.sell(SALE);
  const { license } = sold;
  const { installation } = await story.unlock(sold, "elsewhere");
  const refused = { reason: "NOT_FOUND" };
  await expect(ada.issuer.getLicense({ name: license.name })).rejects.toMatchObject(refused);
  const seats = ada.seats.listSeats({ parent: license.name });
  await expect(seats).rejects.toMatchObject(refused);
  const machine = ada.installations.getInstallation({ name: installation.name });
  await expect(machine).rejects.toMatchObject(refused);
});

test("her own license is there, and who has its seats; a colleague sees it as well", async () => {
  const { license } = await sellTo(first.name);
  const { name } = license;
  expect((await bob.issuer.getLicense({ name })).license?.name).toBe(name);
  await expect
    .poll(() => ada.seats.listSeats({ parent: name }).then(({ seats }) => seats))
    .toEqual([]);
  await expect.poll(() => bob.seats.listSeats({ parent: name }).then(() => "told")).toBe("told");
});

test("while the provider is away, who signed in with it goes on, and machines do not notice", async () => {
  await provider()[Symbol.asyncDispose]();
  expect((await ada.self.getMyAccount({})).account).toBeDefined();
  const sold = await story.desk.sell(SALE);
  const machine = await story.unlock(sold, "machine");
  expect(machine.directory).toContain("machine");
});

/** The desk sells to a customer that registered by itself. */
async function sellTo(parent: string): Promise<{ readonly license: issuer.License }> {
  const { license: sample } = await story.desk.sell(SALE);
  const { license } = await story.desk.issuer.issueLicense({
    requestId: requestId(),
    parent,
    license: { product: sample.product, licensee: sample.licensee!, terms: sample.terms! },
  });
  return { license: license! };
}
