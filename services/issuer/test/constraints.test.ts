import { systemClock, systemRandom } from "@leasehold/kernel";
import { newUuid } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANYWHERE } from "../src/domain/installation-policy.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

const ID = newUuid(systemClock, systemRandom);
const CUSTOMER = newUuid(systemClock, systemRandom);

let database: MigratedPostgres;

beforeAll(async () => {
  database = await migratedPostgres();
  await execute(insertCustomer(CUSTOMER));
  await execute(
    `insert into product (id, display_name, sales_contact, create_time, update_time)
      values ('studio', 'Studio', '', now(), now()), ('other', 'Other', '', now(), now())`,
  );
  await execute(
    `insert into product_feature values ('studio', 'dataflow', 'Data flow', 0), ('other', 'x', 'X', 0)`,
  );
  await execute(issue(ID));
});
afterAll(() => database[Symbol.asyncDispose]());

async function execute(text: string): Promise<void> {
  await database.postgres.query({ text });
}

function insertCustomer(id: string, referenceId = "acme"): string {
  return `do $$ begin
    insert into customer values ('${id}', 'Acme', '${referenceId}', now(), 'ACTIVE', '[]', null, 1, now());
    insert into customer_revision values ('${id}', 1, now(), 'ada', 'CREATE', '', '{}');
  end $$`;
}

interface Row {
  readonly seats?: number;
  readonly end?: string;
  readonly state?: string;
  readonly validityMs?: number;
  readonly graceMs?: number;
  readonly name?: string;
  readonly model?: string;
  /** In JSON. */
  readonly policy?: string;
  readonly changePolicy?: string;
  /** In SQL. */
  readonly maintenance?: string;
  readonly oldest?: string;
  /** In JSON. */
  readonly installationPolicy?: string;
}

function issue(id: string, row: Row = {}, history = true): string {
  const written = history
    ? `insert into license_revision values ('${id}', 1, now(), 'ada', 'ISSUE', '{}')`
    : "select 1";
  return `do $$ begin
    insert into license values (
      '${id}', '${CUSTOMER}', 'studio', 1, '${row.state ?? "ACTIVE"}', '${row.name ?? "Ada"}', 'Acme',
      '${row.model ?? "FLOATING"}', ${row.seats ?? 3}, '2030-01-01Z', '${row.end ?? "2031-01-01Z"}',
      ${row.validityMs ?? 45_000}, ${row.graceMs ?? 10_000}, now(), now(),
      '${row.policy ?? JSON.stringify(OPEN_POLICY)}', null, null, false, ${row.maintenance ?? "null"},
      ${row.oldest ?? "null"}, null, '${row.changePolicy ?? "LIVE"}',
      '${row.installationPolicy ?? JSON.stringify(ANYWHERE)}');
    ${written.replace("select 1", "perform 1")};
  end $$`;
}

function policy(change: object): string {
  return JSON.stringify({ ...OPEN_POLICY, ...change });
}

function places(change: object): string {
  return JSON.stringify({ ...ANYWHERE, ...change });
}

test.each<[string, Row]>([
  ["no seat", { seats: 0 }],
  ["a million and one seats", { seats: 1_000_001 }],
  ["an end at its start", { end: "2030-01-01Z" }],
  ["a state of its own", { state: "PAUSED" }],
  ["a model of its own", { model: "NODE" }],
  ["a validity under 3 s", { validityMs: 2_999 }],
  ["a validity over an hour", { validityMs: 3_600_001 }],
  ["a grace under a second", { graceMs: 999 }],
  ["a grace over a minute", { graceMs: 60_001 }],
  ["nobody as its licensee", { name: "" }],
  ["a licensee of 201 letters", { name: "a".repeat(201) }],
  ["a policy that says nothing", { policy: "{}" }],
  ["a policy of null", { policy: "null" }],
  ["a sharing of its own", { policy: policy({ sharing: "PER_ROOM" }) }],
  ["an overdraft below zero", { policy: policy({ overdraft: -1 }) }],
  ["offline days beyond a year", { policy: policy({ offlineDays: 366 }) }],
  ["51 groups", { policy: policy({ groups: Array.from({ length: 51 }, () => ({})) }) }],
  ["an included group that is no list", { policy: policy({ includeGroups: "all" }) }],
  ["maintenance that ends before the start", { maintenance: "'2029-12-31Z'" }],
  ["a version that is none", { oldest: "'v4'" }],
  ["a change policy of its own", { changePolicy: "LATER" }],
  ["an installation policy that says nothing", { installationPolicy: "{}" }],
  ["a cap without its policy", { installationPolicy: places({ virtualMachines: 1 }) }],
  [
    "a policy without its cap",
    { installationPolicy: places({ virtualMachinesPolicy: "ALLOW_WITH_CAP" }) },
  ],
  [
    "51 networks",
    { installationPolicy: places({ networks: Array.from({ length: 51 }, () => "10.0.0.0/8") }) },
  ],
])("the database refuses a license with %s", async (_, row) => {
  const id = newUuid(systemClock, systemRandom);
  await expect(execute(issue(id, row))).rejects.toThrow(/violates check constraint/);
  await expect(execute(issue(id))).resolves.toBeUndefined();
});

test("the database refuses a revision without its history", async () => {
  const id = newUuid(systemClock, systemRandom);
  await expect(execute(issue(id, {}, false))).rejects.toThrow(/license_has_history/);
  await expect(execute(`update license set revision = 2 where id = '${ID}'`)).rejects.toThrow(
    /license_has_history/,
  );
});

test("the database refuses to skip a revision, and to move a license", async () => {
  const change = (set: string) => execute(`update license set ${set} where id = '${ID}'`);
  await expect(change("revision = 3")).rejects.toThrow(/one revision at a time/);
  await expect(change("seats = 4")).rejects.toThrow(/one revision at a time/);
  await expect(change("revision = 2, product_id = 'other'")).rejects.toThrow(/keeps its owner/);
});

test("the database refuses to bring a revoked license back", async () => {
  const id = newUuid(systemClock, systemRandom);
  await execute(issue(id, { state: "REVOKED" }));
  const revival = `update license set revision = 2, state = 'ACTIVE' where id = '${id}'`;
  await expect(execute(revival)).rejects.toThrow(/does not change/);
});

test("the database refuses to change or delete history", async () => {
  await expect(execute("update license_revision set subject = 'eve'")).rejects.toThrow(
    /append-only/,
  );
  await expect(execute("delete from license_revision")).rejects.toThrow(/append-only/);
});

test.each([
  ["another product's feature", `'studio', 'x', null, 0`, /product_feature|foreign key/],
  ["a feature by way of another product", `'other', 'x', null, 0`, /foreign key/],
  ["a limit below zero", `'studio', 'dataflow', -1, 0`, /check constraint/],
  ["feature seats below zero", `'studio', 'dataflow', null, 0, -1`, /check constraint/],
  ["a million and one feature seats", `'studio', 'dataflow', null, 0, 1000001`, /check constraint/],
])("the database refuses a license %s", async (_, values, why) => {
  await expect(execute(`insert into license_feature values ('${ID}', ${values})`)).rejects.toThrow(
    why,
  );
});

test.each([
  ["a second customer of one reference id", insertCustomer(ID)],
  ["a second head of the feed", "insert into feed_head values (true, 5)"],
])("the database refuses %s", async (_, text) => {
  await expect(execute(text)).rejects.toThrow(/unique constraint/);
});

test.each([
  ["a reference id with a space", insertCustomer(ID, "a b c")],
  [
    "a feature called __proto__",
    `insert into product_feature values ('studio', '__proto__', 'P', 1)`,
  ],
  ["a head of the feed beside the one", "insert into feed_head values (false, 5)"],
  [
    "a MAC that is none",
    `insert into product_key values ('${ID}', '${ID}', '0123456789abcdef', 'abc', '23456', now())`,
  ],
])("the database refuses %s by its shape", async (_, text) => {
  await expect(execute(text)).rejects.toThrow(/check constraint/);
});
