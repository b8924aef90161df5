import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ANYWHERE } from "../src/domain/installation-policy.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

let database: MigratedPostgres;
/** A customer and an account of each test's own. */
let customer: string;
let account: string;

const newId = () => newUuid(systemClock, systemRandom);

beforeAll(async () => {
  database = await migratedPostgres();
  await execute(
    "insert into product (id, display_name, sales_contact, create_time, update_time) values ('studio', 'Studio', '', now(), now())",
  );
});
beforeEach(async () => {
  [customer, account] = [newId(), newId()];
  await execute(insertCustomer());
  await execute(insertAccount());
});
afterAll(() => database[Symbol.asyncDispose]());

/** All of it in one transaction. */
async function execute(...statements: readonly string[]): Promise<void> {
  const text = `do $$ begin ${statements.map((each) => `${each};`).join(" ")} end $$`;
  await database.postgres.query({ text });
}

function insertCustomer({ id = customer, contacts = "[]", limit = "null" } = {}): string {
  return `insert into customer (id, display_name, reference_id, contacts, resource_limit, create_time, update_time)
    values ('${id}', 'Acme', 'r-${id}', '${contacts}', ${limit}, now(), now());
    insert into customer_revision values ('${id}', 1, now(), 'ada', 'CREATE', '', '{}')`;
}

function updateCustomer(set: string, action = "UPDATE"): string {
  return `update customer set revision = 2, update_time = now(), ${set} where id = '${customer}';
    insert into customer_revision values ('${customer}', 2, now(), 'ada', '${action}', '', '{}')`;
}

const close = () => execute(updateCustomer("state = 'CLOSED'", "CLOSE"));

function insertAccount(id = account, issuer = "https://id.example"): string {
  return `insert into account values ('${id}', 'Ada', 'ada@acme.example', now());
    ${insertIdentity({ id, issuer })}`;
}

function insertIdentity({
  id = account,
  issuer = "https://id.example",
  subject = `s-${newId()}`,
  slot = 0,
} = {}): string {
  return `insert into account_identity values ('${issuer}', '${subject}', '${id}', ${slot}, now())`;
}

function insertLicense({ id = newId(), state = "ACTIVE", end = "1 year" } = {}): string {
  return `insert into license values (
      '${id}', '${customer}', 'studio', 1, '${state}', 'Ada', 'Acme', 'FLOATING', 3,
      now() - interval '2 years', now() + interval '${end}', 45000, 10000, now(), now(),
      '${JSON.stringify(OPEN_POLICY)}', null, null, false, null, null, null, 'LIVE',
      '${JSON.stringify(ANYWHERE)}');
    insert into license_revision values ('${id}', 1, now(), 'ada', 'ISSUE', '{}')`;
}

function insertInvitation(change: Readonly<Record<string, string>> = {}): string {
  const row = {
    id: `'${newId()}'`,
    customer: `'${customer}'`,
    email: "'a@b'",
    role: "'USER'",
    secret: `sha256('${newId()}')`,
    state: "'OPEN'",
    acceptedBy: "null",
    createTime: "now()",
    expireTime: "now() + interval '336 hours'",
    ...change,
  };
  return `insert into invitation values (${Object.values(row).join(", ")})`;
}

function insertJoinRequest(state = "OPEN", id = newId()): string {
  return `insert into join_request values ('${id}', '${customer}', '${account}', '${state}', now())`;
}

const insertMembership = (role = "USER") =>
  `insert into membership values ('${account}', '${customer}', '${role}', now())`;

test.each<[string, () => string]>([
  ["license", () => insertLicense()],
  ["license that is over", () => insertLicense({ end: "-1 year" })],
  ["member", () => insertMembership()],
  ["invitation", () => insertInvitation()],
  ["request to join", () => insertJoinRequest()],
])("a closed customer takes no %s", async (_, insert) => {
  await execute(insert());
  [customer, account] = [newId(), newId()];
  await execute(insertCustomer());
  await execute(insertAccount());
  await close();
  await expect(execute(insert())).rejects.toThrow(/the customer is closed/);
});

test("what a closed customer has is not revived: neither a license nor a role", async () => {
  const id = newId();
  await execute(insertLicense({ id, end: "-1 year" }), insertMembership());
  await close();
  const revive = `update license set revision = 2, end_time = now() + interval '1 year' where id = '${id}'`;
  await expect(execute(revive)).rejects.toThrow(/the customer is closed/);
  const promote = `update membership set role = 'ADMINISTRATOR' where customer_id = '${customer}'`;
  await expect(execute(promote)).rejects.toThrow(/the customer is closed/);
});

test("a customer closes with licenses that are over or revoked, and with no other", async () => {
  await execute(insertLicense({ end: "-1 second" }));
  await execute(insertLicense({ state: "REVOKED" }));
  await close();
  for (const state of ["ACTIVE", "SUSPENDED"]) {
    customer = newId();
    await execute(insertCustomer());
    await execute(insertLicense({ state }));
    await expect(close()).rejects.toThrow(/does not close/);
  }
});

test("of a closing and a license at once exactly one is kept, whoever asks the database", async () => {
  for (let round = 0; round < 50; round += 1) {
    customer = newId();
    await execute(insertCustomer());
    const [closing, issuing] = [close, () => execute(insertLicense())];
    const calls = round % 2 === 0 ? [closing(), issuing()] : [issuing(), closing()];
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  }
});

test("a closed customer does not change, and no customer is erased", async () => {
  await expect(execute(`delete from customer where id = '${customer}'`)).rejects.toThrow(
    /foreign key/,
  );
  await close();
  const reopen = `update customer set revision = 3, state = 'ACTIVE' where id = '${customer}'`;
  await expect(execute(reopen)).rejects.toThrow(/does not change/);
});

test("a customer changes by one revision, with its history, and keeps its id", async () => {
  const set = (what: string) => execute(`update customer set ${what} where id = '${customer}'`);
  await expect(set("revision = 2")).rejects.toThrow(/customer_has_history/);
  await expect(set("display_name = 'B'")).rejects.toThrow(/one revision at a time/);
  await expect(set("revision = 3")).rejects.toThrow(/one revision at a time/);
  await expect(set(`revision = 2, id = '${newId()}'`)).rejects.toThrow(/keeps its id/);
  await execute(updateCustomer("display_name = 'B'"));
});

test("the history of customers is not changed and not deleted", async () => {
  await expect(execute("update customer_revision set subject = 'eve'")).rejects.toThrow(
    /append-only/,
  );
  await expect(execute("delete from customer_revision")).rejects.toThrow(/append-only/);
});

test.each<[string, object]>([
  ["contacts that are no list", { contacts: "{}" }],
  ["contacts of null", { contacts: "null" }],
  ["21 contacts", { contacts: JSON.stringify(Array.from({ length: 21 }, () => ({}))) }],
  ["a limit below zero", { limit: "-1" }],
  ["a limit of a million and one", { limit: "1000001" }],
])("the database refuses a customer with %s", async (_, change) => {
  const id = newId();
  await expect(execute(insertCustomer({ id, ...change }))).rejects.toThrow(/check constraint/);
  await execute(insertCustomer({ id }));
});

test("an account has an identity from its first to its last day", async () => {
  const id = newId();
  const alone = `insert into account values ('${id}', 'Ada', 'a@b', now())`;
  await expect(execute(alone)).rejects.toThrow(/needs an identity/);
  const drop = (slot: number) =>
    `delete from account_identity where account_id = '${account}' and slot = ${slot}`;
  await expect(execute(drop(0))).rejects.toThrow(/needs an identity/);
  await execute(insertIdentity({ slot: 9 }));
  await execute(drop(0));
  await expect(execute(drop(9))).rejects.toThrow(/needs an identity/);
});

test("two identities that go at once are not each other's last", async () => {
  const drop = (slot: number) =>
    execute(`delete from account_identity where account_id = '${account}' and slot = ${slot}`);
  for (let round = 0; round < 20; round += 1) {
    account = newId();
    await execute(insertAccount());
    await execute(insertIdentity({ slot: 1 }));
    const settled = await Promise.allSettled([drop(0), drop(1)]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  }
});

test("an identity belongs to one account, which has ten at most", async () => {
  const subject = `s-${newId()}`;
  await execute(insertIdentity({ subject, slot: 1 }));
  const other = newId();
  await execute(insertAccount(other));
  const taken = insertIdentity({ id: other, subject, slot: 1 });
  await expect(execute(taken)).rejects.toThrow(/unique constraint/);
  await expect(execute(insertIdentity({ slot: 1 }))).rejects.toThrow(/unique constraint/);
  await expect(execute(insertIdentity({ slot: 10 }))).rejects.toThrow(/check constraint/);
});

test.each<[string, () => string]>([
  ["a provider over http", () => insertIdentity({ issuer: "http://id.example", slot: 1 })],
  ["an empty subject", () => insertIdentity({ subject: "", slot: 1 })],
  ["a role of its own", () => insertMembership("OWNER")],
  ["an invitation without @", () => insertInvitation({ email: "'ada'" })],
  ["an invitation to a role of its own", () => insertInvitation({ role: "'OWNER'" })],
  ["an invitation of a plain secret", () => insertInvitation({ secret: "'lh_inv_abc'" })],
  ["an acceptance by nobody", () => insertInvitation({ state: "'ACCEPTED'" })],
  ["an acceptor of what is open", () => insertInvitation({ acceptedBy: `'${account}'` })],
  ["an invitation for a year", () => insertInvitation({ expireTime: "now() + interval '1 year'" })],
  ["a request in a state of its own", () => insertJoinRequest("WAITING")],
])("the database refuses %s", async (_, insert) => {
  await expect(execute(insert())).rejects.toThrow(/check constraint/);
});

test("one request of an account waits at a customer at a time", async () => {
  await execute(insertJoinRequest("DECLINED"));
  await execute(insertJoinRequest());
  await expect(execute(insertJoinRequest())).rejects.toThrow(/unique constraint/);
});

test("an invitation and a request are settled once, and nothing else of them changes", async () => {
  const id = newId();
  await execute(insertJoinRequest("OPEN", id), insertInvitation({ id: `'${id}'` }));
  for (const table of ["invitation", "join_request"]) {
    const set = (what: string) => execute(`update ${table} set ${what} where id = '${id}'`);
    const state = table === "invitation" ? "WITHDRAWN" : "DECLINED";
    await expect(set("create_time = create_time - interval '1 day'")).rejects.toThrow(
      /what became of it|check constraint/,
    );
    await expect(set(`id = '${newId()}'`)).rejects.toThrow(/what became of it/);
    await set(`state = '${state}'`);
    await expect(set("state = 'OPEN'")).rejects.toThrow(/stays so/);
  }
});
