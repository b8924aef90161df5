import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANYWHERE } from "../src/domain/installation-policy.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

const CUSTOMER = newUuid(systemClock, systemRandom);

let database: MigratedPostgres;

beforeAll(async () => {
  database = await migratedPostgres();
  await execute(`insert into customer (id, display_name, reference_id, create_time, update_time)
    values ('${CUSTOMER}', 'Acme', 'acme', now(), now());
    insert into customer_revision values
      ('${CUSTOMER}', 1, now(), 'ada', 'CREATE', '', '{}')`);
  await execute(`insert into product (id, display_name, sales_contact, create_time, update_time)
    values ('studio', 'Studio', '', now(), now()), ('other', 'Other', '', now(), now())`);
  await execute(`insert into product_feature (product_id, code, display_name, position, kind)
    values ('studio', 'on', 'On', 0, 'SWITCH'), ('studio', 'many', 'Many', 1, 'COUNTED'),
      ('studio', 'free', 'Free', 2, 'UNSPECIFIED'), ('other', 'x', 'X', 0, 'SWITCH')`);
  await execute(edition("team", {}));
  await execute(issue({}));
});
afterAll(() => database[Symbol.asyncDispose]());

/** In one transaction, whatever of statements it is. */
async function execute(text: string): Promise<void> {
  await database.postgres.query({ text: `do $do$ begin ${text}; end $do$` });
}

interface EditionRow {
  readonly terms?: object;
  readonly termDays?: number;
  readonly maintenanceDays?: number;
  readonly name?: string;
  readonly hasHistory?: boolean;
}

const FEATURES = [{ feature: "on" }, { feature: "many", limit: { bigint: "3" } }];

function edition(id: string, row: EditionRow): string {
  const terms = JSON.stringify(row.terms ?? { features: FEATURES });
  const history = `; insert into edition_revision
    values ('studio', '${id}', 1, now(), 'ada', 'CREATE', '', '{}')`;
  return `insert into edition values ('studio', '${id}', 1, '${row.name ?? "Team"}', '${terms}',
    ${row.termDays ?? 365}, ${row.maintenanceDays ?? 0}, false, now(), now())
    ${(row.hasHistory ?? true) ? history : ""}`;
}

/** A license of `studio` by this edition, with one feature. */
function issue(row: {
  readonly edition?: string;
  readonly feature?: string;
  readonly product?: string;
}): string {
  const id = newUuid(systemClock, systemRandom);
  return `insert into license (
      id, customer_id, product_id, revision, state, licensee_name, licensee_organization, model, seats,
      start_time, end_time, validity_ms, grace_ms, create_time, update_time, seat_policy,
      trial, change_policy, installation_policy, edition_id, edition_revision)
    values ('${id}', '${CUSTOMER}', '${row.product ?? "studio"}', 1, 'ACTIVE', 'Ada', 'Acme',
      'FLOATING', 3, '2030-01-01Z', '2031-01-01Z', 45000, 10000, now(), now(),
      '${JSON.stringify(OPEN_POLICY)}', false, 'LIVE', '${JSON.stringify(ANYWHERE)}',
      ${row.edition ?? "'team', 1"});
    insert into license_revision values ('${id}', 1, now(), 'ada', 'ISSUE', '{}');
    insert into license_feature (license_id, product_id, code, kind, feature_limit, position)
    values ('${id}', '${row.product ?? "studio"}', ${row.feature ?? "'free', 'UNSPECIFIED', null"}, 0)`;
}

test.each<[string, EditionRow, RegExp]>([
  ["no name", { name: "" }, /check constraint/],
  ["a term of no day", { termDays: 0 }, /check constraint/],
  ["a term of 36,501 days", { termDays: 36_501 }, /check constraint/],
  ["maintenance below zero", { maintenanceDays: -1 }, /check constraint/],
  ["terms without features", { terms: {} }, /check constraint/],
  ["a start", { terms: { features: [], startTime: 0 } }, /check constraint/],
  ["an end", { terms: { features: [], endTime: 0 } }, /check constraint/],
  ["an end of maintenance", { terms: { features: [], maintenanceEndTime: 0 } }, /check constraint/],
  ["another product's feature", { terms: { features: [{ feature: "x" }] } }, /not-null/],
  ["a feature twice", { terms: { features: [FEATURES[0], FEATURES[0]] } }, /unique constraint/],
  [
    "no limit of what is counted",
    { terms: { features: [{ feature: "many" }] } },
    /check constraint/,
  ],
  [
    "a limit of a switch",
    { terms: { features: [{ feature: "on", limit: 1 }] } },
    /check constraint/,
  ],
  ["no history", { hasHistory: false }, /edition_has_history/],
])("the database refuses an edition with %s", async (_, row, why) => {
  await expect(execute(edition("bad", row))).rejects.toThrow(why);
});

test("the database refuses to skip a revision, to move an edition, and to change its history", async () => {
  const change = (set: string) => execute(`update edition set ${set} where id = 'team'`);
  await expect(change("revision = 3")).rejects.toThrow(/one revision at a time/);
  await expect(change("revision = 2, product_id = 'other'")).rejects.toThrow(/keeps its product/);
  await expect(change("revision = 2")).rejects.toThrow(/edition_has_history/);
  await expect(execute("update edition_revision set subject = 'eve'")).rejects.toThrow(
    /append-only/,
  );
  await expect(execute("delete from edition_revision")).rejects.toThrow(/append-only/);
});

test("the database refuses to skip a revision of a product", async () => {
  const change = (set: string) => execute(`update product set ${set} where id = 'other'`);
  await expect(change("display_name = 'X'")).rejects.toThrow(/one revision at a time/);
  await expect(change("revision = 2, create_time = '2000-01-01Z'")).rejects.toThrow(/keeps its id/);
});

test.each([
  ["an edition names", "delete from product_feature where code = 'on'"],
  ["an edition names", "update product_feature set kind = 'UNSPECIFIED' where code = 'on'"],
  ["a license names", "delete from product_feature where code = 'free'"],
  ["a license names", "update product_feature set kind = 'SWITCH' where code = 'free'"],
])("the database refuses to take away a feature that %s: %s", async (_, text) => {
  await expect(execute(text)).rejects.toThrow(/violates foreign key constraint/);
});

test.each<[string, Parameters<typeof issue>[0], RegExp]>([
  ["by an edition that is not there", { edition: "'none', 1" }, /foreign key/],
  ["by a revision that is not there", { edition: "'team', 2" }, /foreign key/],
  ["by no revision", { edition: "'team', null" }, /check constraint/],
  [
    "by another product's edition",
    { product: "other", feature: "'x', 'SWITCH', null" },
    /foreign key/,
  ],
  ["with a limit of a switch", { feature: "'on', 'SWITCH', 1" }, /check constraint/],
  ["with no limit of what is counted", { feature: "'many', 'COUNTED', null" }, /check constraint/],
  ["with a feature of another kind", { feature: "'on', 'UNSPECIFIED', 1" }, /foreign key/],
])("the database refuses a license %s", async (_, row, why) => {
  await expect(execute(issue(row))).rejects.toThrow(why);
});

test.each([
  ["a revision that is not the current one", "dated", "1", false],
  ["a retired edition", "retired", "2", true],
])("the database refuses a license by %s", async (_, id, revision, isRetired) => {
  const next = `update edition set revision = 2, retired = ${isRetired} where id = '${id}';
    insert into edition_revision values ('studio', '${id}', 2, now(), 'ada', 'UPDATE', '', '{}')`;
  await execute(edition(id, {}));
  await execute(issue({ edition: `'${id}', 1` }));
  await execute(next);
  await expect(execute(issue({ edition: `'${id}', ${revision}` }))).rejects.toThrow(
    /does not issue licenses/,
  );
});

test("the database refuses to make a license another edition's", async () => {
  const text = "update license set revision = 2, edition_id = null, edition_revision = null";
  await expect(execute(text)).rejects.toThrow(/keeps the edition/);
});

test.each([
  ["a tolerance of its own", `version_policy = '{"tolerance": "SOME"}'`],
  ["a policy that says nothing", `version_policy = '{}'`],
  ["a help contact of 201 letters", `help_contact = repeat('a', 201)`],
])("the database refuses a product with %s", async (_, set) => {
  const text = `update product set revision = 2, ${set} where id = 'other'`;
  await expect(execute(text)).rejects.toThrow(/check constraint/);
});

test("the database refuses a kind of its own", async () => {
  const text = `insert into product_feature (product_id, code, display_name, position, kind)
    values ('other', 'y', 'Y', 1, 'SOMETIMES')`;
  await expect(execute(text)).rejects.toThrow(/check constraint/);
});
