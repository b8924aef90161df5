import { issuer, type PartialMessage } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  END,
  issueLicense,
  requestId,
  startIssuer,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { closeCustomer, createAccount, outcomes } from "./person.ts";
import type { AccountClient, CustomerClient } from "./person.ts";
import { refusal, refusedFields } from "./refusal.ts";

const clock = manualClock();
const ROUNDS = 50;
const CONTACT: issuer.Contact = {
  displayName: "Ada Lovelace",
  email: "ada@acme.example",
  phone: "+49 89 1234",
  role: "billing",
};

let database: MigratedPostgres;
let under: IssuerUnderTest;
let customers: CustomerClient;
let accounts: AccountClient;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url, { clock });
  customers = under.of(issuer.CustomerServiceDefinition, "admin");
  accounts = under.of(issuer.AccountServiceDefinition, "admin");
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function update(
  name: string,
  updateMask: string[],
  change: PartialMessage<issuer.Customer>,
  expectedRevision = 0n,
) {
  const customer = issuer.Customer.fromPartial(change);
  const why = "they asked";
  const request = { requestId: requestId(), name, expectedRevision, customer, updateMask, why };
  return customers.updateCustomer(request);
}

function close(name: string, change: Partial<issuer.CloseCustomerRequest> = {}) {
  return customers.closeCustomer({ requestId: requestId(), name, ...change });
}

async function read(name: string): Promise<issuer.Customer> {
  return (await under.admin.getCustomer({ name })).customer!;
}

interface HistoryRow {
  readonly revision: bigint;
  readonly subject: string;
  readonly action: string;
  readonly why: string;
  readonly snapshot: { readonly displayName: string; readonly state: string };
}

function history(name: string): Promise<readonly HistoryRow[]> {
  const text = `select revision, subject, action, why, snapshot
    from customer_revision where customer_id = $1 order by revision`;
  return database.postgres.query<HistoryRow>({ text, values: [name.split("/")[1]] });
}

test("a customer is created with its contacts and its limits", async () => {
  const customer = issuer.Customer.fromPartial({
    displayName: "Acme GmbH",
    referenceId: "acme-full",
    contacts: [CONTACT, { ...CONTACT, phone: "", role: "" }],
    limits: { resources: 0 },
  });
  const created = await under.admin.createCustomer({ requestId: requestId(), customer });
  const now = new Date(clock.now());
  expect(created.customer).toEqual({
    ...customer,
    name: created.customer?.name,
    state: issuer.CustomerState.ACTIVE,
    revision: 1n,
    createTime: now,
    updateTime: now,
  });
  expect(await read(created.customer!.name)).toEqual(created.customer);
});

test("a customer that names no limit may have any number", async () => {
  const { limits, contacts } = await createCustomer(under.admin);
  expect({ limits, contacts }).toEqual({ limits: { resources: undefined }, contacts: [] });
});

test("an update changes what its mask names and nothing else", async () => {
  const before = await createCustomer(under.admin);
  clock.advance(1_000);
  const { customer } = await update(before.name, ["contacts", "limits"], {
    displayName: "ignored",
    contacts: [CONTACT],
    limits: { resources: 1_000_000 },
  });
  expect(customer).toEqual({
    ...before,
    contacts: [CONTACT],
    limits: { resources: 1_000_000 },
    revision: 2n,
    updateTime: new Date(clock.now()),
  });
  expect(await read(before.name)).toEqual(customer);
  const names = { displayName: "Acme SE", referenceId: `se-${requestId()}` };
  const again = await update(before.name, ["display_name", "reference_id"], names);
  expect(again.customer).toEqual({ ...customer, ...names, revision: 3n });
  const emptied = await update(before.name, ["contacts", "limits"], {});
  expect(emptied.customer).toMatchObject({ contacts: [], limits: { resources: undefined } });
});

test("an update is refused where the revision is not what the caller saw", async () => {
  const { name } = await createCustomer(under.admin);
  await update(name, ["display_name"], { displayName: "Second" }, 1n);
  expect(await refusal(update(name, ["display_name"], { displayName: "Third" }, 1n))).toMatchObject(
    { reason: "REVISION_CONFLICT", metadata: { revision: "2" } },
  );
  const closing = await refusal(close(name, { expectedRevision: 1n }));
  expect(closing).toMatchObject({ reason: "REVISION_CONFLICT", metadata: { revision: "2" } });
});

test("of two updates of one revision exactly one wins", async () => {
  const { name } = await createCustomer(under.admin);
  for (let revision = 1n; revision <= 10n; revision += 1n) {
    const rename = (displayName: string) =>
      update(name, ["display_name"], { displayName }, revision);
    expect(await outcomes([rename("Left"), rename("Right")])).toEqual({
      won: 1,
      refusals: ["REVISION_CONFLICT"],
    });
  }
});

test("a reference id is unique, also among customers that are closed, and may be kept", async () => {
  const closed = await createCustomer(under.admin);
  await closeCustomer(customers, closed.name);
  const { name, referenceId } = await createCustomer(under.admin);
  const take = update(name, ["reference_id"], { referenceId: closed.referenceId });
  expect((await refusal(take)).reason).toBe("ALREADY_EXISTS");
  const again = createCustomer(under.admin, closed.referenceId);
  expect((await refusal(again)).reason).toBe("ALREADY_EXISTS");
  const kept = await update(name, ["reference_id"], { referenceId });
  expect(kept.customer).toMatchObject({ referenceId, revision: 2n });
});

test("of two customers that take one reference id at once exactly one gets it", async () => {
  const [left, right] = [await createCustomer(under.admin), await createCustomer(under.admin)];
  for (let round = 0; round < 10; round += 1) {
    const take = { referenceId: `wanted-${round}` };
    const calls = [left, right].map(({ name }) => update(name, ["reference_id"], take));
    expect(await outcomes(calls)).toEqual({ won: 1, refusals: ["ALREADY_EXISTS"] });
  }
});

test.each<[string, PartialMessage<issuer.Customer>, string]>([
  ["no name", { displayName: "" }, "display_name"],
  ["a name of 201 letters", { displayName: "a".repeat(201) }, "display_name"],
  ["a reference id with a space", { referenceId: "a b c" }, "reference_id"],
  ["a reference id of 65 letters", { referenceId: "a".repeat(65) }, "reference_id"],
  ["21 contacts", { contacts: Array.from({ length: 21 }, () => CONTACT) }, "contacts"],
  ["a contact without a name", { contacts: [{ displayName: "" }] }, "contacts[0].display_name"],
  ["a contact without email", { contacts: [{ email: "" }] }, "contacts[0].email"],
  ["an email without @", { contacts: [{ email: "ada.example" }] }, "contacts[0].email"],
  ["an email with two @", { contacts: [{ email: "a@b@c" }] }, "contacts[0].email"],
  ["an email with a space", { contacts: [{ email: "a da@b" }] }, "contacts[0].email"],
  ["an email with a line end", { contacts: [{ email: "ada@b\n" }] }, "contacts[0].email"],
  ["an email with NUL", { contacts: [{ email: "a\0@b" }] }, "contacts[0].email"],
  ["an email that turns direction", { contacts: [{ email: "a\u202eb@c" }] }, "contacts[0].email"],
  ["an email of 255", { contacts: [{ email: `a@${"b".repeat(253)}` }] }, "contacts[0].email"],
  ["a phone of 51", { contacts: [{ phone: "1".repeat(51) }] }, "contacts[0].phone"],
  ["a phone with a tab", { contacts: [{ phone: "1\t2" }] }, "contacts[0].phone"],
  ["a role of 51", { contacts: [{ role: "r".repeat(51) }] }, "contacts[0].role"],
  ["resources -1", { limits: { resources: -1 } }, "limits.resources"],
  ["a million and one resources", { limits: { resources: 1_000_001 } }, "limits.resources"],
])("a customer with %s is refused, and so is such an update", async (_, change, field) => {
  const contacts = change.contacts?.map((contact) => ({ ...CONTACT, ...contact }));
  const given = { ...change, ...(contacts && { contacts }) };
  const customer = issuer.Customer.fromPartial({
    displayName: "Acme GmbH",
    referenceId: `r-${requestId()}`,
    ...given,
  });
  const creating = under.admin.createCustomer({ requestId: requestId(), customer });
  expect(await refusedFields(creating)).toEqual([`customer.${field}`]);
  const { name } = await createCustomer(under.admin);
  const mask = ["display_name", "reference_id", "contacts", "limits"];
  expect(await refusedFields(update(name, mask, customer))).toEqual([`customer.${field}`]);
  expect((await read(name)).revision).toBe(1n);
});

test("the largest customer that the contract allows is kept", async () => {
  const contact = {
    displayName: "😀".repeat(200),
    email: `${"a".repeat(64)}@${"b".repeat(189)}`,
    phone: "1".repeat(50),
    role: "😀".repeat(50),
  };
  const contacts = Array.from({ length: 20 }, () => contact);
  const { name } = await createCustomer(under.admin);
  expect((await update(name, ["contacts"], { contacts })).customer?.contacts).toEqual(contacts);
});

test("every broken field of an update is told at once", async () => {
  const request = {
    requestId: "x",
    name: "customers/acme",
    expectedRevision: -1n,
    customer: issuer.Customer.fromPartial({}),
    updateMask: ["display_name", "limits"],
    why: "y".repeat(501),
  };
  expect(await refusedFields(customers.updateCustomer(request))).toEqual([
    "request_id",
    "why",
    "name",
    "expected_revision",
    "customer.display_name",
  ]);
  const missing = { ...request, requestId: requestId(), why: "", customer: undefined };
  expect(await refusedFields(customers.updateCustomer(missing))).toContain("customer");
});

test.each([
  [[]],
  [["state"]],
  [["name"]],
  [["display_name", "display_name"]],
  [["contacts.email"]],
])("the mask %j is refused", async (mask: string[]) => {
  const { name } = await createCustomer(under.admin);
  const updating = update(name, mask, { displayName: "Acme SE" });
  expect(await refusedFields(updating)).toEqual(["update_mask"]);
});

test("a closing that is not well formed is refused", async () => {
  const request = { name: "acme", expectedRevision: -1n, why: "a\nb", requestId: "x" };
  expect(await refusedFields(customers.closeCustomer(request))).toEqual([
    "request_id",
    "why",
    "name",
    "expected_revision",
  ]);
});

test("what is not there is not found", async () => {
  const name = `customers/${requestId()}`;
  const updating = await refusal(update(name, ["display_name"], { displayName: "Acme" }));
  const closing = await refusal(close(name));
  expect([updating.reason, closing.reason]).toEqual(["NOT_FOUND", "NOT_FOUND"]);
});

test("a customer closes for good, and its history stays", async () => {
  const { name } = await createCustomer(under.admin);
  await update(name, ["display_name"], { displayName: "Acme SE" });
  clock.advance(1_000);
  const closed = await closeCustomer(customers, name);
  expect(closed).toMatchObject({
    displayName: "Acme SE",
    state: issuer.CustomerState.CLOSED,
    revision: 3n,
    updateTime: new Date(clock.now()),
  });
  expect(await read(name)).toEqual(closed);
  expect((await refusal(close(name))).reason).toBe("CUSTOMER_CLOSED");
  const renaming = update(name, ["display_name"], { displayName: "Back" });
  expect((await refusal(renaming)).reason).toBe("CUSTOMER_CLOSED");
  expect(await history(name)).toMatchObject([
    { revision: 1n, subject: "admin", action: "CREATE", why: "" },
    { revision: 2n, action: "UPDATE", why: "they asked", snapshot: { displayName: "Acme SE" } },
    { revision: 3n, action: "CLOSE", why: "moved on", snapshot: { state: "CLOSED" } },
  ]);
});

test("a closing that is only to be validated tells what would be and does nothing", async () => {
  const before = await createCustomer(under.admin);
  const told = await close(before.name, { validateOnly: true });
  expect(told.customer).toMatchObject({ state: issuer.CustomerState.CLOSED, revision: 2n });
  expect(await read(before.name)).toEqual(before);
  expect(await history(before.name)).toHaveLength(1);
  await issueLicense(under.admin, before.name);
  const inUse = await refusal(close(before.name, { validateOnly: true }));
  expect(inUse.reason).toBe("CUSTOMER_IN_USE");
});

test("a customer is in use until its licenses are revoked or over", async () => {
  const { name: parent } = await createCustomer(under.admin);
  const short = wireTerms({ endTime: new Date(clock.now() + 5_000) });
  const future = wireTerms({ startTime: new Date(END.getTime() - 1_000) });
  await issueLicense(under.admin, parent, wireLicense({ terms: short }));
  const later = await issueLicense(under.admin, parent, wireLicense({ terms: future }));
  const expectInUse = async () =>
    expect((await refusal(close(parent))).reason).toBe("CUSTOMER_IN_USE");
  await expectInUse();
  clock.advance(5_000);
  await expectInUse();
  await under.admin.suspendLicense({ requestId: requestId(), name: later.name });
  await expectInUse();
  await under.admin.revokeLicense({ requestId: requestId(), name: later.name });
  expect((await closeCustomer(customers, parent)).state).toBe(issuer.CustomerState.CLOSED);
});

test("a license counts until the millisecond of its end", async () => {
  const { name: parent } = await createCustomer(under.admin);
  const terms = wireTerms({ endTime: new Date(clock.now() + 1) });
  await issueLicense(under.admin, parent, wireLicense({ terms }));
  expect((await refusal(close(parent))).reason).toBe("CUSTOMER_IN_USE");
  clock.advance(1);
  await closeCustomer(customers, parent);
});

test("a closed customer takes no license, not even one that is over and would go on", async () => {
  const { name: parent } = await createCustomer(under.admin);
  const terms = wireTerms({ endTime: new Date(clock.now() + 1) });
  const { name } = await issueLicense(under.admin, parent, wireLicense({ terms }));
  clock.advance(1);
  await closeCustomer(customers, parent);
  const issuing = issueLicense(under.admin, parent);
  expect((await refusal(issuing)).reason).toBe("CUSTOMER_CLOSED");
  const amending = under.admin.amendLicense({
    requestId: requestId(),
    name,
    terms: wireTerms(),
    updateMask: ["end_time"],
  });
  expect((await refusal(amending)).reason).toBe("CUSTOMER_CLOSED");
});

test("a closing made again has no further effect and gets the first answer", async () => {
  const { name } = await createCustomer(under.admin);
  const request = { requestId: requestId(), name, why: "moved on" };
  const first = await customers.closeCustomer(request);
  expect(await customers.closeCustomer(request)).toEqual(first);
  expect(await history(name)).toHaveLength(2);
});

test(`closing a customer and issuing to it at once, ${ROUNDS} times: exactly one wins`, async () => {
  const winners = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { name } = await createCustomer(under.admin);
    const issuing = () => issueLicense(under.admin, name);
    const closing = () => close(name);
    const calls = round % 2 === 0 ? [issuing(), closing()] : [closing(), issuing()];
    const { won, refusals } = await outcomes(calls);
    expect(won).toBe(1);
    const isClosed = (await read(name)).state === issuer.CustomerState.CLOSED;
    expect(refusals).toEqual([isClosed ? "CUSTOMER_CLOSED" : "CUSTOMER_IN_USE"]);
    winners.add(refusals.join());
  }
  expect(winners.size).toBe(2);
});

test(`closing a customer and giving it a member at once, ${ROUNDS} times: no member comes later`, async () => {
  const account = await createAccount(accounts);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { name: customer } = await createCustomer(under.admin);
    const role = issuer.CustomerRole.USER;
    const joining = accounts.setMembership({
      requestId: requestId(),
      name: account.name,
      customer,
      role,
    });
    const { won, refusals } = await outcomes([close(customer), joining]);
    expect(refusals).toEqual(won === 2 ? [] : ["CUSTOMER_CLOSED"]);
    const told = await accounts.getAccount({ name: account.name });
    const isMember = told.account!.memberships.some(
      (membership) => membership.customer === customer,
    );
    expect(isMember).toBe(won === 2);
  }
});
