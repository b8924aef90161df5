import { issuer } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuerUnderTest, requestId } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { accept, closeCustomer, invite, newIdentity } from "./person.ts";
import type { AccountClient, CustomerClient } from "./person.ts";
import { refusal, refusedFields } from "./refusal.ts";

interface Asked {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

const clock = manualClock();
const START = new Date(clock.now()).toISOString();
const NAMES = ["Beta GmbH", "alpha AG", "Alpha AG", "Gamma Ltd"];

let under: IssuerUnderTest;
let customers: CustomerClient;
let accounts: AccountClient;
/** In the order of `NAMES`, a second apart; the last one is closed. */
let made: issuer.Customer[];
/** Ada, Bob, Cy: a second apart. */
let people: issuer.Account[];
let invitations: issuer.Invitation[];

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  customers = under.of(issuer.CustomerServiceDefinition, "admin");
  accounts = under.of(issuer.AccountServiceDefinition, "admin");
  made = [];
  for (const [index, displayName] of NAMES.entries()) {
    const customer = { displayName, referenceId: `ref-${index}` };
    made.push((await under.admin.createCustomer({ requestId: requestId(), customer })).customer!);
    clock.advance(1_000);
  }
  people = [];
  for (const displayName of ["Ada", "Bob", "Cy"]) {
    const account = { displayName, email: `${displayName.toLowerCase()}@acme.example` };
    const request = { requestId: requestId(), account, identity: newIdentity() };
    people.push((await accounts.createAccount(request)).account!);
    clock.advance(1_000);
  }
  await populate();
});
afterAll(() => under[Symbol.asyncDispose]());

/** Ada acts for the first two customers, Bob for the first, Cy for nobody. All ask to join the third. */
async function populate(): Promise<void> {
  const [first, second, third, last] = made.map(({ name }) => name);
  const [ada, bob] = people.map(({ name }) => name);
  const accepted = await invite(accounts, first!);
  await accept(accounts, bob!, accepted.secret);
  const role = issuer.CustomerRole.USER;
  for (const customer of [first!, second!]) {
    await accounts.setMembership({ requestId: requestId(), name: ada!, customer, role });
  }
  clock.advance(1_000);
  const open = await invite(accounts, first!);
  clock.advance(1_000);
  const withdrawn = await invite(accounts, first!);
  await accounts.withdrawInvitation({
    requestId: requestId(),
    name: withdrawn.invitation!.name,
  });
  await invite(accounts, second!);
  invitations = [accepted, open, withdrawn].map(({ invitation }) => invitation!);
  for (const { name } of people) {
    const referenceId = "ref-2";
    await accounts.requestToJoin({ requestId: requestId(), account: name, referenceId });
    clock.advance(1_000);
  }
  const asked = await accounts.listJoinRequests({ parent: third! });
  const oldest = asked.joinRequests.at(-1)!.name;
  await accounts.declineJoinRequest({ requestId: requestId(), name: oldest });
  await closeCustomer(customers, last!);
}

/** Indices into `made` of what is listed. */
async function customersListed(asked: Asked): Promise<readonly number[]> {
  const listed = await customers.listCustomers(asked);
  return listed.customers.map(({ name }) => made.findIndex((each) => each.name === name));
}

async function peopleListed(asked: Asked): Promise<readonly string[]> {
  const listed = await accounts.listAccounts(asked);
  return listed.accounts.map(({ displayName }) => displayName);
}

async function invitationsListed(asked: Asked): Promise<readonly number[]> {
  const listed = await accounts.listInvitations({ parent: made[0]!.name, ...asked });
  return listed.invitations.map(({ name }) => invitations.findIndex((each) => each.name === name));
}

/** By the name of who asks. */
async function askersListed(asked: Asked): Promise<readonly string[]> {
  const listed = await accounts.listJoinRequests({ parent: made[2]!.name, ...asked });
  return listed.joinRequests.map(
    ({ account }) => people.find(({ name }) => name === account)!.displayName,
  );
}

test("customers are listed whole, the newest in front", async () => {
  const { customers: listed, nextPageToken } = await customers.listCustomers({});
  expect(listed.slice(1)).toEqual([made[2], made[1], made[0]]);
  expect(listed[0]).toMatchObject({ revision: 2n, state: issuer.CustomerState.CLOSED });
  expect(nextPageToken).toBe("");
});

test.each<[string, readonly number[]]>([
  ['display_name = "Alpha AG"', [2]],
  ['display_name : "alpha"', [2, 1]],
  ['display_name = "Al*"', [2]],
  ['reference_id = "ref-1"', [1]],
  ["reference_id > ref-1", [3, 2]],
  ["state = CLOSED", [3]],
  ["state != CLOSED AND reference_id != ref-0", [2, 1]],
  [`create_time = ${START}`, [0]],
  [`create_time > ${START}`, [3, 2, 1]],
])("customers of which %s", async (filter, expected) => {
  expect(await customersListed({ filter })).toEqual(expected);
});

test.each<[string, readonly number[]]>([
  ["reference_id", [0, 1, 2, 3]],
  ["reference_id desc", [3, 2, 1, 0]],
  ["create_time", [0, 1, 2, 3]],
])("customers ordered by %s", async (orderBy, expected) => {
  expect(await customersListed({ orderBy })).toEqual(expected);
});

test("customers ordered by their name come back to front the other way", async () => {
  const up = await customersListed({ orderBy: "display_name" });
  expect(up).toHaveLength(4);
  expect(await customersListed({ orderBy: "display_name desc" })).toEqual(up.toReversed());
});

test("accounts are listed whole, the newest in front", async () => {
  const { accounts: listed } = await accounts.listAccounts({});
  expect(listed.map(({ displayName }) => displayName)).toEqual(["Cy", "Bob", "Ada"]);
  expect(listed[2]).toEqual((await accounts.getAccount({ name: people[0]!.name })).account);
  expect(listed[2]?.memberships).toHaveLength(2);
});

test.each<[string, readonly string[]]>([
  ['display_name = "Ada"', ["Ada"]],
  ["display_name >= Bob", ["Cy", "Bob"]],
  ["email = bob@acme.example", ["Bob"]],
  ["email : ACME", ["Cy", "Bob", "Ada"]],
  [`create_time < ${START}`, []],
  ["customer = FIRST", ["Bob", "Ada"]],
  ["customer = FIRST AND customer = SECOND", ["Ada"]],
  ["customer = SECOND AND customer = FIRST", ["Ada"]],
  ["customer = FIRST AND customer != SECOND", ["Bob"]],
  ["customer != FIRST", ["Cy"]],
  ["customer = FIRST AND email = cy@acme.example", []],
])("accounts of which %s", async (filter, expected) => {
  const named = filter.replaceAll("FIRST", made[0]!.name).replaceAll("SECOND", made[1]!.name);
  expect(await peopleListed({ filter: named })).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ["display_name", ["Ada", "Bob", "Cy"]],
  ["email desc", ["Cy", "Bob", "Ada"]],
  ["create_time", ["Ada", "Bob", "Cy"]],
])("accounts ordered by %s", async (orderBy, expected) => {
  expect(await peopleListed({ orderBy })).toEqual(expected);
});

test("the invitations of one customer are listed whole, without those of another", async () => {
  const listed = await accounts.listInvitations({ parent: made[0]!.name });
  const [accepted, open, withdrawn] = invitations;
  const { ACCEPTED, WITHDRAWN } = issuer.InvitationState;
  expect(listed.invitations).toEqual([
    { ...withdrawn, state: WITHDRAWN },
    open,
    { ...accepted, state: ACCEPTED },
  ]);
});

test.each<[string, readonly number[]]>([
  ["state = OPEN", [1]],
  ["state = ACCEPTED", [0]],
  ["state = WITHDRAWN", [2]],
  ["email = ada@acme.example AND state != OPEN", [2, 0]],
  ["email = bob@acme.example", []],
  [`create_time > ${START}`, [2, 1, 0]],
])("invitations of which %s", async (filter, expected) => {
  expect(await invitationsListed({ filter })).toEqual(expected);
});

test.each<[string, readonly number[]]>([
  ["create_time", [0, 1, 2]],
  ["email, create_time desc", [2, 1, 0]],
])("invitations ordered by %s", async (orderBy, expected) => {
  expect(await invitationsListed({ orderBy })).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ["", ["Cy", "Bob", "Ada"]],
  ["state = OPEN", ["Cy", "Bob"]],
  ["state = DECLINED", ["Ada"]],
  ["state = APPROVED", []],
  ["account = BOB", ["Bob"]],
  ["account != BOB", ["Cy", "Ada"]],
  [`create_time <= ${START}`, []],
])("requests to join of which %j", async (filter, expected) => {
  expect(await askersListed({ filter: filter.replace("BOB", people[1]!.name) })).toEqual(expected);
});

test("requests to join are ordered by their time", async () => {
  expect(await askersListed({ orderBy: "create_time" })).toEqual(["Ada", "Bob", "Cy"]);
});

test("each list goes on over its pages, and a token is good for its own list only", async () => {
  const parent = made[0]!.name;
  const list = {
    customers: (asked: Asked) => customers.listCustomers(asked),
    accounts: (asked: Asked) => accounts.listAccounts(asked),
    invitations: (asked: Asked) => accounts.listInvitations({ parent, ...asked }),
    joinRequests: (asked: Asked) => accounts.listJoinRequests({ parent: made[2]!.name, ...asked }),
  };
  const tokens: string[] = [];
  for (const page of Object.values(list)) {
    const { nextPageToken: pageToken } = await page({ pageSize: 2 });
    const rest = await page({ pageSize: 2, pageToken });
    expect(rest.nextPageToken).toBe("");
    const other = page({ pageSize: 2, pageToken, orderBy: "create_time" });
    expect(await refusedFields(other)).toEqual(["page_token"]);
    tokens.push(pageToken);
  }
  const [first, second] = await Promise.all([1, 2].map((pageSize) => list.accounts({ pageSize })));
  expect(first?.accounts).toEqual(second?.accounts.slice(0, 1));
  for (const [index, page] of Object.values(list).entries()) {
    const pageToken = tokens[(index + 1) % tokens.length]!;
    expect(await refusedFields(page({ pageToken }))).toEqual(["page_token"]);
  }
});

test.each<[Asked, string]>([
  [{ filter: "contacts = x" }, "filter"],
  [{ filter: "state = OPENED" }, "filter"],
  [{ orderBy: "state" }, "order_by"],
  [{ pageSize: -1 }, "page_size"],
  [{ pageToken: "edited" }, "page_token"],
])("a list of %j is refused", async (asked, field) => {
  const parent = made[0]!.name;
  const calls = [
    customers.listCustomers(asked),
    accounts.listAccounts(asked),
    accounts.listInvitations({ parent, ...asked }),
    accounts.listJoinRequests({ parent, ...asked }),
  ];
  expect(await Promise.all(calls.map(refusedFields))).toEqual(calls.map(() => [field]));
});

test("a list of no customer's is refused", async () => {
  const bad = { parent: "customers/acme", pageSize: -1 };
  for (const list of [accounts.listInvitations, accounts.listJoinRequests]) {
    expect(await refusedFields(list(bad))).toEqual(["parent", "page_size"]);
    const unknown = list({ parent: `customers/${requestId()}` });
    expect((await refusal(unknown)).reason).toBe("NOT_FOUND");
  }
});

test("an account is filtered by a customer's name and by nothing else", async () => {
  for (const filter of ["customer = acme", "customer : acme", 'customer = "customers/*"']) {
    expect(await refusedFields(accounts.listAccounts({ filter }))).toEqual(["filter"]);
  }
});
