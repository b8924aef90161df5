import { createHash } from "node:crypto";
import { issuer } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { accept, closeCustomer, createAccount, invite, outcomes } from "./person.ts";
import type { AccountClient, CustomerClient } from "./person.ts";
import { refusal, refusedFields } from "./refusal.ts";

const ROUNDS = 50;
const DAYS_MS = 24 * 3_600_000;
const { ADMINISTRATOR, USER } = issuer.CustomerRole;
const UNKNOWN_SECRET = `lh_inv_${"a".repeat(43)}`;

const clock = manualClock();
let database: MigratedPostgres;
let under: IssuerUnderTest;
let accounts: AccountClient;
let customers: CustomerClient;
let parent: issuer.Customer;
beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url, { clock });
  accounts = under.of(issuer.AccountServiceDefinition, "admin");
  customers = under.of(issuer.CustomerServiceDefinition, "admin");
  parent = await createCustomer(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function withdraw(name: string) {
  return accounts.withdrawInvitation({ requestId: requestId(), name });
}

function ask(account: string, referenceId: string) {
  return accounts.requestToJoin({ requestId: requestId(), account, referenceId });
}

function approve(name: string, role: issuer.CustomerRole = USER) {
  return accounts.approveJoinRequest({ requestId: requestId(), name, role });
}

function decline(name: string) {
  return accounts.declineJoinRequest({ requestId: requestId(), name });
}

async function memberships(name: string): Promise<readonly issuer.Membership[]> {
  return (await accounts.getAccount({ name })).account!.memberships;
}

/** Names of the requests of an account, the oldest in front. */
async function requestsOf(account: string): Promise<readonly string[]> {
  const text = `select 'customers/' || customer_id || '/joinRequests/' || id as name
    from join_request where account_id = $1 order by create_time, id`;
  const values = [account.split("/")[1]];
  const rows = await database.postgres.query<{ readonly name: string }>({ text, values });
  return rows.map(({ name }) => name);
}

async function askedOnce(account: string, customer = parent): Promise<string> {
  await ask(account, customer.referenceId);
  const [name] = await requestsOf(account);
  return name!;
}

test("an invitation lets in whoever has its secret, as what it says", async () => {
  const { name } = await createAccount(accounts);
  const { invitation, secret } = await invite(accounts, parent.name, ADMINISTRATOR);
  const now = new Date(clock.now());
  expect(secret).toMatch(/^lh_inv_[A-Za-z0-9_-]{43}$/);
  expect(invitation).toEqual({
    name: invitation?.name,
    email: "ada@acme.example",
    role: ADMINISTRATOR,
    state: issuer.InvitationState.OPEN,
    createTime: now,
    expireTime: new Date(clock.now() + 14 * DAYS_MS),
  });
  expect(invitation?.name.startsWith(`${parent.name}/invitations/`)).toBe(true);
  const { account } = await accept(accounts, name, secret);
  const membership = { customer: parent.name, role: ADMINISTRATOR, createTime: now };
  expect(account?.memberships).toEqual([membership]);
  expect((await accounts.getAccount({ name })).account).toEqual(account);
});

test("of a secret its digest is kept, and nothing is logged", async () => {
  const { invitation, secret } = await invite(accounts, parent.name);
  const id = invitation!.name.split("/")[3];
  const text = "select *, to_jsonb(i)::text as whole from invitation i where id = $1";
  type Row = { readonly secret_sha256: Buffer; readonly whole: string };
  const [row] = await database.postgres.query<Row>({ text, values: [id] });
  expect(row?.secret_sha256).toEqual(createHash("sha256").update(secret).digest());
  expect(row?.whole).not.toContain(secret.slice(7));
  expect(JSON.stringify(under.logged)).not.toContain(secret.slice(7));
  const replies = await database.postgres.query<{ readonly reply: Buffer }>({
    text: "select reply from request_reply",
  });
  expect(replies.map(({ reply }) => reply.toString()).join()).not.toContain(secret.slice(7));
});

test("an invitation made again is answered without its secret, which stays good", async () => {
  const request = {
    requestId: requestId(),
    parent: parent.name,
    invitation: { email: "ada@acme.example", role: USER },
  };
  const first = await accounts.createInvitation(request);
  expect(await accounts.createInvitation(request)).toEqual({ ...first, secret: "" });
  const { name } = await createAccount(accounts);
  await accept(accounts, name, first.secret);
});

test("a member who accepts an invitation becomes what it says, and has been there since before", async () => {
  const { name } = await createAccount(accounts);
  await accept(accounts, name, (await invite(accounts, parent.name)).secret);
  const [before] = await memberships(name);
  clock.advance(1_000);
  await accept(accounts, name, (await invite(accounts, parent.name, ADMINISTRATOR)).secret);
  expect(await memberships(name)).toEqual([{ ...before, role: ADMINISTRATOR }]);
});

test("unknown, accepted, withdrawn, expired, of a closed customer: all are refused alike", async () => {
  const { name } = await createAccount(accounts);
  const accepted = await invite(accounts, parent.name);
  await accept(accounts, name, accepted.secret);
  const withdrawn = await invite(accounts, parent.name);
  await withdraw(withdrawn.invitation!.name);
  const gone = await createCustomer(under.admin);
  const left = await invite(accounts, gone.name);
  await closeCustomer(customers, gone.name);
  const expired = await invite(accounts, parent.name);
  clock.advance(14 * DAYS_MS);
  const secrets = [accepted, withdrawn, left, expired].map(({ secret }) => secret);
  const told = [];
  for (const secret of [UNKNOWN_SECRET, ...secrets]) {
    const { reason, message, metadata, violations } = await refusal(accept(accounts, name, secret));
    told.push({ reason, message, metadata, violations });
  }
  expect(told[0]?.reason).toBe("INVITATION_REFUSED");
  expect(told).toEqual(Array(5).fill(told[0]));
});

test("an invitation is good until the millisecond of its end", async () => {
  const { name } = await createAccount(accounts);
  const [first, second] = [
    await invite(accounts, parent.name),
    await invite(accounts, parent.name),
  ];
  clock.advance(14 * DAYS_MS - 1);
  await accept(accounts, name, first.secret);
  clock.advance(1);
  expect((await refusal(accept(accounts, name, second.secret))).reason).toBe("INVITATION_REFUSED");
});

test("an acceptance made again gets the first answer", async () => {
  const { name } = await createAccount(accounts);
  const { secret } = await invite(accounts, parent.name);
  const request = { requestId: requestId(), account: name, secret };
  const first = await accounts.acceptInvitation(request);
  expect(await accounts.acceptInvitation(request)).toEqual(first);
});

test("a withdrawn invitation says so and stays so", async () => {
  const { name } = await createAccount(accounts);
  const { invitation, secret } = await invite(accounts, parent.name);
  const withdrawn = await withdraw(invitation!.name);
  const state = issuer.InvitationState.WITHDRAWN;
  expect(withdrawn.invitation).toEqual({ ...invitation, state });
  expect(await refusal(withdraw(invitation!.name))).toMatchObject({
    reason: "STATE_CONFLICT",
    metadata: { state: "WITHDRAWN" },
  });
  const other = await invite(accounts, parent.name);
  await accept(accounts, name, other.secret);
  expect(await refusal(withdraw(other.invitation!.name))).toMatchObject({
    reason: "STATE_CONFLICT",
    metadata: { state: "ACCEPTED" },
  });
  expect((await refusal(accept(accounts, name, secret))).reason).toBe("INVITATION_REFUSED");
});

test("what is expired, or of a closed customer, is still taken back", async () => {
  const gone = await createCustomer(under.admin);
  const { invitation } = await invite(accounts, gone.name);
  await closeCustomer(customers, gone.name);
  clock.advance(15 * DAYS_MS);
  const { invitation: withdrawn } = await withdraw(invitation!.name);
  expect(withdrawn?.state).toBe(issuer.InvitationState.WITHDRAWN);
});

test("a closed customer invites nobody", async () => {
  const gone = await createCustomer(under.admin);
  await closeCustomer(customers, gone.name);
  expect((await refusal(invite(accounts, gone.name))).reason).toBe("CUSTOMER_CLOSED");
});

test.each<[string, object, string[]]>([
  ["no invitation", { invitation: undefined }, ["invitation"]],
  ["no email", { invitation: { email: "", role: USER } }, ["invitation.email"]],
  ["an email that is none", { invitation: { email: "@acme", role: USER } }, ["invitation.email"]],
  ["no role", { invitation: { email: "a@b", role: 0 } }, ["invitation.role"]],
  ["a role of another contract", { invitation: { email: "a@b", role: 9 } }, ["invitation.role"]],
  ["a parent that is none", { parent: "acme" }, ["parent"]],
  [
    "everything wrong",
    { requestId: "x", parent: "", invitation: { email: "", role: 0 } },
    ["request_id", "parent", "invitation.email", "invitation.role"],
  ],
])("an invitation with %s is refused", async (_, change, fields) => {
  const request = {
    requestId: requestId(),
    parent: parent.name,
    invitation: { email: "a@b", role: USER },
    ...change,
  };
  expect(await refusedFields(accounts.createInvitation(request))).toEqual(fields);
});

test.each([
  "",
  "a".repeat(43),
  `lh_inv_${"a".repeat(42)}`,
  `lh_inv_${"a".repeat(44)}`,
  `${UNKNOWN_SECRET}\n`,
  `lh_inv_${"é".repeat(43)}`,
])("%j is not the form of a secret", async (secret) => {
  const request = { requestId: requestId(), account: "accounts/me", secret };
  expect(await refusedFields(accounts.acceptInvitation(request))).toEqual(["account", "secret"]);
});

test("names that are none are refused, each for what is wrong with it", async () => {
  expect(await refusedFields(withdraw(`${parent.name}/invitations/x`))).toEqual(["name"]);
  expect(await refusedFields(approve(parent.name, 0))).toEqual(["name", "role"]);
  expect(await refusedFields(decline(`${parent.name}/invitations/${requestId()}`))).toEqual([
    "name",
  ]);
  expect(await refusedFields(ask("accounts/me", "a b"))).toEqual(["account", "reference_id"]);
});

test("what is not there, or not at this customer, is not found", async () => {
  const other = await createCustomer(under.admin);
  const { name } = await createAccount(accounts);
  const { invitation, secret } = await invite(accounts, parent.name);
  const request = await askedOnce(name);
  const moved = (resource: string) => resource.replace(parent.name, other.name);
  const calls = [
    withdraw(moved(invitation!.name)),
    approve(moved(request)),
    decline(moved(request)),
    decline(`${parent.name}/joinRequests/${requestId()}`),
    invite(accounts, `customers/${requestId()}`),
    accept(accounts, `accounts/${requestId()}`, secret),
    ask(`accounts/${requestId()}`, parent.referenceId),
  ];
  expect(await outcomes(calls)).toEqual({
    won: 0,
    refusals: Array(calls.length).fill("NOT_FOUND"),
  });
});

test(`two accounts accept one invitation at once, ${ROUNDS} times: exactly one is let in`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const both = [await createAccount(accounts), await createAccount(accounts)];
    const { secret } = await invite(accounts, parent.name);
    const calls = both.map(({ name }) => accept(accounts, name, secret));
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["INVITATION_REFUSED"] });
    const told = await Promise.all(both.map(({ name }) => memberships(name)));
    expect(told.flat()).toHaveLength(1);
  }
});

test(`an invitation is accepted and withdrawn at once, ${ROUNDS} times: exactly one counts`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { name } = await createAccount(accounts);
    const { invitation, secret } = await invite(accounts, parent.name);
    const calls = [accept(accounts, name, secret), withdraw(invitation!.name)];
    const { won, refusals } = await outcomes(calls);
    expect(won).toBe(1);
    const isMember = (await memberships(name)).length === 1;
    expect(refusals).toEqual([isMember ? "STATE_CONFLICT" : "INVITATION_REFUSED"]);
  }
});

test("a request to join is approved, and the person acts for the customer", async () => {
  const { name } = await createAccount(accounts);
  const request = await askedOnce(name);
  expect(request.startsWith(`${parent.name}/joinRequests/`)).toBe(true);
  expect(await memberships(name)).toEqual([]);
  const { joinRequest } = await approve(request, ADMINISTRATOR);
  expect(joinRequest).toEqual({
    name: request,
    account: name,
    displayName: "Ada Lovelace",
    email: "ada@acme.example",
    state: issuer.JoinRequestState.APPROVED,
    createTime: new Date(clock.now()),
  });
  expect(await memberships(name)).toMatchObject([{ customer: parent.name, role: ADMINISTRATOR }]);
});

test("a declined person does not act for the customer, and may ask again", async () => {
  const { name } = await createAccount(accounts);
  const { joinRequest } = await decline(await askedOnce(name));
  expect(joinRequest?.state).toBe(issuer.JoinRequestState.DECLINED);
  expect(await memberships(name)).toEqual([]);
  clock.advance(1);
  await ask(name, parent.referenceId);
  expect(await requestsOf(name)).toHaveLength(2);
});

test("a request is decided once", async () => {
  const { name } = await createAccount(accounts);
  const request = await askedOnce(name);
  await decline(request);
  for (const again of [approve, decline]) {
    expect(await refusal(again(request))).toMatchObject({
      reason: "STATE_CONFLICT",
      metadata: { state: "DECLINED" },
    });
  }
  expect(await memberships(name)).toEqual([]);
});

test("whoever asks is answered alike, whether there is such a customer or not", async () => {
  const { name } = await createAccount(accounts);
  const gone = await createCustomer(under.admin);
  await closeCustomer(customers, gone.name);
  const known = await ask(name, parent.referenceId);
  const again = await ask(name, parent.referenceId);
  const answers = [again, await ask(name, "nobody-has-this"), await ask(name, gone.referenceId)];
  for (const answer of answers) expect(answer).toEqual(known);
  expect(await requestsOf(name)).toHaveLength(1);
});

test("a member who asks waits for nothing", async () => {
  const { name } = await createAccount(accounts);
  await approve(await askedOnce(name));
  await ask(name, parent.referenceId);
  expect(await requestsOf(name)).toHaveLength(1);
});

test("asking several times at once leaves one request, at each customer", async () => {
  const { name } = await createAccount(accounts);
  const other = await createCustomer(under.admin);
  const calls = Array.from({ length: 10 }, (_, index) =>
    ask(name, index % 2 === 0 ? parent.referenceId : other.referenceId),
  );
  expect(await outcomes(calls)).toEqual({ won: 10, refusals: [] });
  expect(await requestsOf(name)).toHaveLength(2);
});

test(`a customer closes while somebody asks to join it, ${ROUNDS} times: who asks does not notice`, async () => {
  const { name } = await createAccount(accounts);
  for (let round = 0; round < ROUNDS; round += 1) {
    const customer = await createCustomer(under.admin);
    const calls = [ask(name, customer.referenceId), closeCustomer(customers, customer.name)];
    expect(await outcomes(calls)).toEqual({ won: 2, refusals: [] });
  }
});

test("a customer that closed lets nobody in who asked before, but declines", async () => {
  const { name } = await createAccount(accounts);
  const gone = await createCustomer(under.admin);
  const request = await askedOnce(name, gone);
  await closeCustomer(customers, gone.name);
  expect((await refusal(approve(request))).reason).toBe("CUSTOMER_CLOSED");
  expect((await decline(request)).joinRequest?.state).toBe(issuer.JoinRequestState.DECLINED);
});

test(`a request is approved and declined at once, ${ROUNDS} times: exactly one counts`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { name } = await createAccount(accounts);
    const request = await askedOnce(name);
    const calls = [approve(request), decline(request)];
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["STATE_CONFLICT"] });
    const settled = await Promise.allSettled(calls);
    expect(await memberships(name)).toHaveLength(settled[0]?.status === "fulfilled" ? 1 : 0);
  }
});

test(`closing a customer and being let in at once, ${ROUNDS} times: nobody comes in later`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const customer = await createCustomer(under.admin);
    const [guest, asker] = [await createAccount(accounts), await createAccount(accounts)];
    const { secret } = await invite(accounts, customer.name);
    const request = await askedOnce(asker.name, customer);
    const accepting = accept(accounts, guest.name, secret);
    const closing = closeCustomer(customers, customer.name);
    const { refusals } = await outcomes([accepting, closing, approve(request)]);
    const told = [await memberships(guest.name), await memberships(asker.name)].flat();
    expect(told).toHaveLength(2 - refusals.length);
    expect(["CUSTOMER_CLOSED", "INVITATION_REFUSED"]).toEqual(
      expect.arrayContaining([...refusals]),
    );
  }
});
