import { issuer } from "@leasehold/contracts";
import { signIn, startIdentityProvider } from "@leasehold/dev-provider";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestId } from "./issuer-under-test.ts";
import {
  AUDIENCE,
  type IssuerWithPeople,
  issuerWithPeople,
  registered,
  type SignedInPerson,
  trusted,
} from "./people.ts";
import { refusal, refusedFields } from "./refusal.ts";

const { ADMINISTRATOR, USER } = issuer.CustomerRole;
const MINUTE = 60_000;

// It begins now, as the provider's clock is the machine's.
const clock = manualClock(Date.now());
let site: IssuerWithPeople;
beforeAll(async () => {
  site = await issuerWithPeople({ clock });
});
afterAll(() => site[Symbol.asyncDispose]());

let people = 0;
let ada: SignedInPerson;
let email: string;
beforeEach(async () => {
  people += 1;
  email = `ada${people}@acme.example`;
  ada = await site.signIn({ email, name: "Ada Lovelace" });
});

function register(person: SignedInPerson, request: Partial<issuer.RegisterRequest> = {}) {
  return person.self.register({
    requestId: requestId(),
    displayName: "",
    customerDisplayName: "Acme GmbH",
    ...request,
  });
}

function admin() {
  return site.under.of(issuer.AccountServiceDefinition, "admin");
}

test("people are told with whom they may sign in, before they have", async () => {
  const stranger = site.under.of(issuer.RegistrationServiceDefinition);
  expect((await stranger.listIdentityProviders({})).identityProviders).toEqual([
    { issuer: site.provider.issuer, audience: AUDIENCE, clientId: site.provider.clientId },
  ]);
});

test("whoever registers is administrator of a new customer, both made together", async () => {
  const { account, customer } = await register(ada);
  const now = new Date(clock.now());
  expect(customer).toMatchObject({
    displayName: "Acme GmbH",
    state: issuer.CustomerState.ACTIVE,
    revision: 1n,
    createTime: now,
  });
  expect(customer?.referenceId).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(account).toMatchObject({
    displayName: "Ada Lovelace",
    email,
    identities: [{ issuer: site.provider.issuer }],
    memberships: [{ customer: customer?.name, role: ADMINISTRATOR, createTime: now }],
  });
  expect((await ada.issuer.getCustomer({ name: customer!.name })).customer).toEqual(customer);
  expect((await admin().getAccount({ name: account!.name })).account).toEqual(account);
});

test("who somebody is who signed in, they are told with and without an account", async () => {
  const before = await ada.self.getMyAccount({});
  expect(before).toMatchObject({ email, emailVerified: true, account: undefined });
  expect(before.identity?.issuer).toBe(site.provider.issuer);
  const { account } = await registered(ada);
  expect(await ada.self.getMyAccount({})).toEqual({ ...before, account });
});

test("an account comes without a customer where none is wanted, and keeps its name", async () => {
  const first = await register(ada, { displayName: "Ada, Countess", customerDisplayName: "" });
  expect(first.customer).toBeUndefined();
  expect(first.account).toMatchObject({ displayName: "Ada, Countess", memberships: [] });
  const again = await register(ada, { displayName: "Somebody", customerDisplayName: "" });
  expect(again.account).toEqual(first.account);
});

test("a repeated registration is carried out once, though its person has an account by then", async () => {
  const request = { requestId: requestId(), displayName: "", customerDisplayName: "Acme GmbH" };
  const first = await ada.self.register(request);
  expect(await ada.self.register(request)).toEqual(first);
  const other = { ...request, customerDisplayName: "Other" };
  expect((await refusal(ada.self.register(other))).reason).toBe("REQUEST_ID_REUSED");
});

test("the id of somebody else's registration is of no use", async () => {
  const request = { requestId: requestId(), displayName: "", customerDisplayName: "Acme GmbH" };
  await ada.self.register(request);
  const eve = await site.signIn({ email: `eve${people}@evil.example` });
  expect((await refusal(eve.self.register(request))).reason).toBe("REQUEST_ID_REUSED");
});

test("one person administers up to ten customers that they create", async () => {
  for (let n = 1; n <= 10; n += 1) await registered(ada, `Acme ${n}`);
  const refused = await refusal(register(ada));
  expect([refused.reason, refused.metadata]).toEqual(["LIMIT_REACHED", { limit: "10" }]);
  expect((await ada.self.getMyAccount({})).account?.memberships).toHaveLength(10);
});

test("of several registrations at a time one gives the account", async () => {
  const calls = Array.from({ length: 5 }, () => register(ada));
  const settled = await Promise.allSettled(calls);
  const reasons = settled.flatMap((one) =>
    one.status === "rejected" ? [(one.reason as { readonly reason: string }).reason] : [],
  );
  expect(reasons.every((reason) => reason === "ALREADY_EXISTS")).toBe(true);
  const { account } = await ada.self.getMyAccount({});
  expect(account?.memberships).toHaveLength(5 - reasons.length);
});

test("whoever's provider does not vouch for their address gets no account", async () => {
  const mallory = await site.signIn({ email: `m${people}@acme.example`, emailVerified: false });
  expect((await refusal(register(mallory))).reason).toBe("EMAIL_NOT_VERIFIED");
  expect((await mallory.self.getMyAccount({})).account).toBeUndefined();
});

test.each([
  ["display_name", { displayName: "x".repeat(201) }],
  ["display_name", { displayName: "Ada\u0000" }],
  ["customer_display_name", { customerDisplayName: "x".repeat(201) }],
  ["customer_display_name", { customerDisplayName: "a\nb" }],
  ["request_id", { requestId: "7" }],
])("a registration with a bad %s is refused", async (field, request) => {
  expect(await refusedFields(register(ada, request))).toEqual([field]);
});

test("where the vendor creates customers alone, people still get accounts", async () => {
  await using closed = await issuerWithPeople({ config: { selfRegistration: false } });
  const person = await closed.signIn({ email: "ada@acme.example" });
  expect((await refusal(register(person))).reason).toBe("PERMISSION_DENIED");
  expect((await person.self.getMyAccount({})).account).toBeUndefined();
  expect((await register(person, { customerDisplayName: "" })).account).toMatchObject({
    displayName: "ada@acme.example",
  });
});

test("a second way to sign in is linked by whoever proves both", async () => {
  await using elsewhere = await startIdentityProvider({ audience: AUDIENCE });
  const identityProviders = [site.provider, elsewhere].map(trusted);
  await using both = await issuerWithPeople({ config: { identityProviders } });
  const first = both.as(ada.accessToken);
  const second = both.as((await signIn(elsewhere, { email: "ada@home.example" })).accessToken);
  const { account, customer } = await registered(first, "Acme GmbH");
  const link = (accessToken: string) =>
    first.self.linkMyIdentity({ requestId: requestId(), accessToken });
  const linked = await link(second.accessToken);
  expect(linked.account?.identities.map(({ issuer: url }) => url)).toEqual([
    site.provider.issuer,
    elsewhere.issuer,
  ]);
  expect((await second.self.getMyAccount({})).account).toMatchObject({
    name: account.name,
    memberships: [{ customer: customer.name }],
  });
  expect((await refusal(link(second.accessToken))).reason).toBe("ALREADY_EXISTS");
});

test.each([
  ["no token", "", "INVALID_REQUEST"],
  ["a text", "not a token", "UNAUTHENTICATED"],
  ["a token that nobody signed", "eyJhbGciOiJub25lIn0.e30.", "UNAUTHENTICATED"],
  ["more than a token", "x".repeat(9_000), "INVALID_REQUEST"],
])("with %s nothing is linked", async (_, accessToken, reason) => {
  await registered(ada);
  const call = ada.self.linkMyIdentity({ requestId: requestId(), accessToken });
  expect((await refusal(call)).reason).toBe(reason);
});

test("neither tokens nor secrets of theirs are logged", async () => {
  await registered(ada, "Acme GmbH");
  await refusal(ada.self.linkMyIdentity({ requestId: requestId(), accessToken: ada.accessToken }));
  const logged = JSON.stringify(site.under.logged);
  for (const part of ada.accessToken.split(".").slice(1)) expect(logged).not.toContain(part);
});

test("a colleague who quotes the reference id is let in by an administrator", async () => {
  const { customer } = await registered(ada, "Acme GmbH");
  const bob = await site.signIn({ email: `bob${people}@acme.example`, name: "Bob" });
  const { account } = await registered(bob);
  const { referenceId } = customer;
  await bob.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  const { joinRequests } = await ada.accounts.listJoinRequests({ parent: customer.name });
  expect(joinRequests).toMatchObject([
    { account: account.name, displayName: "Bob", email: account.email },
  ]);
  expect((await refusal(bob.issuer.getCustomer({ name: customer.name }))).reason).toBe("NOT_FOUND");
  const [{ name } = { name: "" }] = joinRequests;
  await ada.accounts.approveJoinRequest({ requestId: requestId(), name, role: USER });
  expect((await bob.issuer.getCustomer({ name: customer.name })).customer).toEqual(customer);
});

test("an unknown reference id is answered as a known one", async () => {
  const { customer } = await registered(ada, "Acme GmbH");
  const bob = await site.signIn({ email: `bob${people}@acme.example` });
  await registered(bob);
  const ask = (referenceId: string) =>
    bob.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  expect(await ask("00000-00000")).toEqual(await ask(customer.referenceId));
});

test("an invitation is accepted by whom it was sent to, and by nobody else who has its secret", async () => {
  const { customer } = await registered(ada, "Acme GmbH");
  const bobs = `Bob${people}@acme.example`;
  const { secret } = await ada.accounts.createInvitation({
    requestId: requestId(),
    parent: customer.name,
    invitation: { email: bobs, role: USER },
  });
  const accept = (person: SignedInPerson) =>
    person.accounts.acceptInvitation({ requestId: requestId(), account: "", secret });
  const eve = await site.signIn({ email: `eve${people}@evil.example` });
  await registered(eve);
  expect((await refusal(accept(eve))).reason).toBe("INVITATION_REFUSED");
  const bob = await site.signIn({ email: bobs.toLowerCase() });
  const { account } = await registered(bob);
  const unsure = await site.signIn({ email: bobs.toLowerCase(), emailVerified: false });
  expect((await refusal(accept(unsure))).reason).toBe("INVITATION_REFUSED");
  expect((await accept(bob)).account).toMatchObject({
    name: account.name,
    memberships: [{ customer: customer.name, role: USER }],
  });
});

test("a membership that ended counts no more with the next call", async () => {
  const { account, customer } = await registered(ada, "Acme GmbH");
  const { name } = customer;
  await ada.issuer.getCustomer({ name });
  await admin().removeMembership({
    requestId: requestId(),
    name: account.name,
    customer: name,
    why: "left",
  });
  expect((await refusal(ada.issuer.getCustomer({ name }))).reason).toBe("NOT_FOUND");
});

test("an administrator lets a colleague go, and learns nothing else of them", async () => {
  const { customer } = await registered(ada, "Acme GmbH");
  const bob = await site.signIn({ email: `bob${people}@acme.example` });
  const { account, customer: bobs } = await registered(bob, "Bob's");
  await admin().setMembership({
    requestId: requestId(),
    name: account.name,
    customer: customer.name,
    role: USER,
  });
  const remove = (by: SignedInPerson, of: string, at: string) =>
    by.accounts.removeMembership({ requestId: requestId(), name: of, customer: at });
  const { account: told } = await remove(ada, account.name, customer.name);
  expect(told).toEqual(issuer.Account.fromPartial({ name: account.name }));
  expect((await refusal(remove(ada, account.name, bobs.name))).reason).toBe("NOT_FOUND");
  const left = await remove(bob, account.name, bobs.name);
  expect(left.account).toMatchObject({ name: account.name, memberships: [] });
});

test("a token that is over counts for nobody", async () => {
  await registered(ada);
  clock.advance(11 * MINUTE);
  expect((await refusal(ada.self.getMyAccount({}))).reason).toBe("UNAUTHENTICATED");
  clock.step(-11 * MINUTE);
});

test("an id token is not an access token", async () => {
  const { idToken } = await signIn(site.provider, { email });
  expect((await refusal(site.as(idToken).self.getMyAccount({}))).reason).toBe("UNAUTHENTICATED");
});

test("while the provider is away, everybody else is served", async () => {
  await using lonely = await issuerWithPeople();
  const person = await lonely.signIn({ email: "ada@acme.example" });
  await lonely.provider[Symbol.asyncDispose]();
  expect((await refusal(person.self.getMyAccount({}))).reason).toBe("DEPENDENCY_UNAVAILABLE");
  await lonely.under.admin.createCustomer({
    requestId: requestId(),
    customer: { displayName: "Acme GmbH", referenceId: "ACME" },
  });
});
