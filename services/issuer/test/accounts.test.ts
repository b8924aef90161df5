import { issuer, type PartialMessage } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, issuerUnderTest, requestId } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { closeCustomer, createAccount, newIdentity, outcomes, PROVIDER } from "./person.ts";
import type { AccountClient, CustomerClient } from "./person.ts";
import { refusal, refusedFields } from "./refusal.ts";

const ROUNDS = 50;
const { ADMINISTRATOR, USER } = issuer.CustomerRole;

let under: IssuerUnderTest;
let accounts: AccountClient;
let customers: CustomerClient;
beforeAll(async () => {
  under = await issuerUnderTest();
  accounts = under.of(issuer.AccountServiceDefinition, "admin");
  customers = under.of(issuer.CustomerServiceDefinition, "admin");
});
afterAll(() => under[Symbol.asyncDispose]());

function link(name: string, identity: issuer.Identity = newIdentity(), id: string = requestId()) {
  return accounts.linkIdentity({ requestId: id, name, identity });
}

function unlink(name: string, identity: issuer.Identity) {
  return accounts.unlinkIdentity({ requestId: requestId(), name, identity });
}

function setMembership(name: string, customer: string, role: issuer.CustomerRole = USER) {
  return accounts.setMembership({ requestId: requestId(), name, customer, role });
}

function removeMembership(name: string, customer: string, validateOnly = false) {
  return accounts.removeMembership({ requestId: requestId(), name, customer, validateOnly });
}

async function read(name: string): Promise<issuer.Account> {
  return (await accounts.getAccount({ name })).account!;
}

test("an account is created, read, and found by its identity", async () => {
  const identity = newIdentity();
  const account = await createAccount(accounts, identity);
  expect(account).toMatchObject({
    displayName: "Ada Lovelace",
    email: "ada@acme.example",
    identities: [identity],
    memberships: [],
  });
  expect(account.name).toMatch(/^accounts\/[0-9a-f-]{36}$/);
  expect(await read(account.name)).toEqual(account);
  expect(await accounts.findAccount({ identity })).toEqual({ account });
});

test("two accounts may have one email, and no two one identity", async () => {
  const identity = newIdentity();
  await createAccount(accounts, identity);
  expect((await refusal(createAccount(accounts, identity))).reason).toBe("ALREADY_EXISTS");
  await createAccount(accounts);
});

test("an identity is another with another provider, or in other letters", async () => {
  const identity = { ...newIdentity(), subject: `sub-${requestId()}` };
  const others = [
    { ...identity, issuer: `${PROVIDER}/` },
    { ...identity, issuer: "https://login.example.com" },
    { ...identity, subject: identity.subject.toUpperCase() },
    { ...identity, subject: `${identity.subject} ` },
  ];
  await createAccount(accounts, identity);
  for (const other of others) {
    expect((await refusal(accounts.findAccount({ identity: other }))).reason).toBe("NOT_FOUND");
    await createAccount(accounts, other);
  }
});

test.each<[string, PartialMessage<issuer.CreateAccountRequest>, string]>([
  ["no account", { account: undefined }, "account"],
  ["no name", { account: { displayName: "", email: "a@b" } }, "account.display_name"],
  ["a blank name", { account: { displayName: " ", email: "a@b" } }, "account.display_name"],
  ["no email", { account: { displayName: "Ada", email: "" } }, "account.email"],
  ["an email without @", { account: { displayName: "Ada", email: "ada" } }, "account.email"],
  [
    "an email of 255",
    { account: { displayName: "Ada", email: `a@${"b".repeat(253)}` } },
    "account.email",
  ],
])("an account with %s is refused", async (_, change, field) => {
  const request = issuer.CreateAccountRequest.fromPartial({
    requestId: requestId(),
    account: { displayName: "Ada", email: "a@b" },
    identity: newIdentity(),
    ...change,
  });
  expect(await refusedFields(accounts.createAccount(request))).toEqual([field]);
});

test.each<[string, Partial<issuer.Identity> | undefined, string]>([
  ["no identity", undefined, "identity"],
  ["a provider over http", { issuer: "http://id.example.com" }, "identity.issuer"],
  ["a provider that is no URL", { issuer: "https://" }, "identity.issuer"],
  ["a provider with a bad port", { issuer: "https://id.example:99999" }, "identity.issuer"],
  ["a provider with a query", { issuer: `${PROVIDER}?a=b` }, "identity.issuer"],
  ["a provider with a fragment", { issuer: `${PROVIDER}#a` }, "identity.issuer"],
  ["a provider with a user", { issuer: "https://a@id.example" }, "identity.issuer"],
  ["a provider with a space", { issuer: `${PROVIDER}/a b` }, "identity.issuer"],
  ["a provider with a line end", { issuer: `${PROVIDER}\n` }, "identity.issuer"],
  ["a provider in other letters", { issuer: "https://idé.example" }, "identity.issuer"],
  ["a provider of 201", { issuer: `https://${"a".repeat(193)}` }, "identity.issuer"],
  ["no subject", { subject: "" }, "identity.subject"],
  ["a subject of 256", { subject: "s".repeat(256) }, "identity.subject"],
  ["a subject with NUL", { subject: "a\0" }, "identity.subject"],
  ["a subject with a line end", { subject: "a\n" }, "identity.subject"],
  ["a subject in other letters", { subject: "é" }, "identity.subject"],
])("%s is refused wherever an identity is told", async (_, change, field) => {
  const identity = change && { ...newIdentity(), ...change };
  const { name } = await createAccount(accounts);
  const account = { displayName: "Ada", email: "a@b" };
  const calls = [
    accounts.createAccount({ requestId: requestId(), account, identity }),
    accounts.findAccount({ identity }),
    accounts.linkIdentity({ requestId: requestId(), name, identity }),
    accounts.unlinkIdentity({ requestId: requestId(), name, identity }),
  ];
  expect(await Promise.all(calls.map(refusedFields))).toEqual(calls.map(() => [field]));
});

test("the longest identity that the contract allows is kept", async () => {
  const identity = { issuer: `https://${"a.".repeat(96)}`, subject: "s".repeat(255) };
  expect((await createAccount(accounts, identity)).identities).toEqual([identity]);
});

test("every broken field is told at once", async () => {
  const request = {
    requestId: "x",
    name: "accounts/ada",
    customer: "acme",
    role: 0 as issuer.CustomerRole,
    why: "a\0",
  };
  const wrong = ["request_id", "why", "name", "customer"];
  expect(await refusedFields(accounts.setMembership(request))).toEqual([...wrong, "role"]);
  expect(await refusedFields(accounts.removeMembership(request))).toEqual(wrong);
  const linking = accounts.linkIdentity({ requestId: "x", name: "", identity: undefined });
  expect(await refusedFields(linking)).toEqual(["request_id", "name", "identity"]);
  expect(await refusedFields(accounts.getAccount({ name: "accounts/me" }))).toEqual(["name"]);
  const other = setMembership("accounts/ada", "acme", 99 as issuer.CustomerRole);
  expect(await refusedFields(other)).toEqual(["name", "customer", "role"]);
});

test("what is not there is not found", async () => {
  const name = `accounts/${requestId()}`;
  const { name: customer } = await createCustomer(under.admin);
  const { name: real } = await createAccount(accounts);
  const calls = [
    accounts.getAccount({ name }),
    accounts.findAccount({ identity: newIdentity() }),
    link(name),
    unlink(name, newIdentity()),
    unlink(real, newIdentity()),
    setMembership(name, customer),
    setMembership(real, `customers/${requestId()}`),
    removeMembership(name, customer),
    removeMembership(real, customer),
  ];
  expect(await outcomes(calls)).toEqual({
    won: 0,
    refusals: Array(calls.length).fill("NOT_FOUND"),
  });
});

test("identities are linked and unlinked, in the order in which they came", async () => {
  const [first, second] = [newIdentity(), newIdentity()];
  const { name } = await createAccount(accounts, first);
  const linked = await link(name, second);
  expect(linked.account?.identities).toEqual([first, second]);
  expect(await accounts.findAccount({ identity: second })).toEqual(linked);
  expect((await unlink(name, first)).account?.identities).toEqual([second]);
  expect((await link(name, first)).account?.identities).toEqual([second, first]);
});

test("an unlinked identity is free for another account", async () => {
  const identity = newIdentity();
  const { name } = await createAccount(accounts, identity);
  await link(name);
  await unlink(name, identity);
  expect((await refusal(accounts.findAccount({ identity }))).reason).toBe("NOT_FOUND");
  expect((await createAccount(accounts, identity)).name).not.toBe(name);
});

test("an identity that an account has is not linked, be it the same account", async () => {
  const identity = newIdentity();
  const { name } = await createAccount(accounts, identity);
  const other = await createAccount(accounts);
  expect((await refusal(link(name, identity))).reason).toBe("ALREADY_EXISTS");
  expect((await refusal(link(other.name, identity))).reason).toBe("ALREADY_EXISTS");
  expect((await refusal(unlink(other.name, identity))).reason).toBe("NOT_FOUND");
  expect((await read(other.name)).identities).toEqual(other.identities);
});

test("the last identity stays", async () => {
  const { name, identities } = await createAccount(accounts);
  expect((await refusal(unlink(name, identities[0]!))).reason).toBe("LAST_IDENTITY");
  expect((await read(name)).identities).toEqual(identities);
});

test("an account has ten identities and no more, also when several come at once", async () => {
  const { name } = await createAccount(accounts);
  const { won, refusals } = await outcomes(Array.from({ length: 14 }, () => link(name)));
  expect(won).toBe(9);
  expect(refusals).toEqual(Array(5).fill("LIMIT_REACHED"));
  const { identities } = await read(name);
  expect(identities).toHaveLength(10);
  expect((await refusal(link(name))).metadata).toEqual({ limit: "10" });
  await unlink(name, identities[4]!);
  expect((await link(name)).account?.identities).toHaveLength(10);
});

test(`linking one identity to two accounts at once, ${ROUNDS} times: exactly one gets it`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const both = [await createAccount(accounts), await createAccount(accounts)];
    const identity = newIdentity();
    const calls = both.map(({ name }) => link(name, identity));
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["ALREADY_EXISTS"] });
    const told = await Promise.all(both.map(({ name }) => read(name)));
    expect(told.flatMap(({ identities }) => identities)).toHaveLength(3);
    const { account } = await accounts.findAccount({ identity });
    expect(account?.identities).toHaveLength(2);
  }
});

test(`creating two accounts of one identity at once, ${ROUNDS} times: exactly one is created`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const identity = newIdentity();
    const calls = [createAccount(accounts, identity), createAccount(accounts, identity)];
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["ALREADY_EXISTS"] });
  }
});

test(`unlinking both identities of an account at once, ${ROUNDS} times: one stays`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [left, right] = [newIdentity(), newIdentity()];
    const { name } = await createAccount(accounts, left);
    await link(name, right);
    const calls = [unlink(name, left), unlink(name, right)];
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["LAST_IDENTITY"] });
    expect((await read(name)).identities).toHaveLength(1);
  }
});

test("a person acts for several customers, as something else for each", async () => {
  const { name } = await createAccount(accounts);
  const [acme, other] = [await createCustomer(under.admin), await createCustomer(under.admin)];
  await setMembership(name, acme.name, ADMINISTRATOR);
  const { account } = await setMembership(name, other.name);
  expect(account?.memberships).toMatchObject([
    { customer: acme.name, role: ADMINISTRATOR },
    { customer: other.name, role: USER },
  ]);
  const changed = await setMembership(name, acme.name, USER);
  expect(changed.account?.memberships).toEqual(
    account?.memberships.map((membership) => ({ ...membership, role: USER })),
  );
  const removed = await removeMembership(name, acme.name);
  expect(removed.account?.memberships.map(({ customer }) => customer)).toEqual([other.name]);
  expect(await read(name)).toEqual(removed.account);
});

test("a removal that is only to be validated does nothing", async () => {
  const { name } = await createAccount(accounts);
  const { name: customer } = await createCustomer(under.admin);
  const before = await setMembership(name, customer);
  const told = await removeMembership(name, customer, true);
  expect(told.account?.memberships).toEqual([]);
  expect(await read(name)).toEqual(before.account);
});

test("a closed customer takes no member, and lets those go that it has", async () => {
  const { name } = await createAccount(accounts);
  const other = await createAccount(accounts);
  const { name: customer } = await createCustomer(under.admin);
  await setMembership(name, customer);
  await closeCustomer(customers, customer);
  const calls = [setMembership(other.name, customer), setMembership(name, customer, ADMINISTRATOR)];
  expect(await outcomes(calls)).toEqual({ won: 0, refusals: Array(2).fill("CUSTOMER_CLOSED") });
  expect((await removeMembership(name, customer)).account?.memberships).toEqual([]);
});

test("a linking made again has no further effect and gets the first answer", async () => {
  const { name } = await createAccount(accounts);
  const [id, identity] = [requestId(), newIdentity()];
  const first = await link(name, identity, id);
  expect(await link(name, identity, id)).toEqual(first);
});
