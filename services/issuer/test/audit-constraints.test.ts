import { afterAll, beforeAll, expect, test } from "vitest";
import { auditReads } from "../src/store/postgres-audit.ts";
import { writeEntries } from "./audited-issuer.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

let database: MigratedPostgres;
beforeAll(async () => {
  database = await migratedPostgres();
  await writeEntries(database.postgres, 3);
});
afterAll(() => database[Symbol.asyncDispose]());

async function execute(text: string): Promise<void> {
  await database.postgres.query({ text });
}

const ENTRY = {
  at: "'2030-01-01T00:00:00.123Z'",
  subject: "'ada'",
  method: "'IssueLicense'",
  resource: "'customers/c'",
  why: "''",
  request_id: "gen_random_uuid()",
  request_sha256: "sha256('x')",
};

function insert(change: object): string {
  const row = { ...ENTRY, ...change };
  return `insert into audit_entry (${Object.keys(row).join(", ")}) values (${Object.values(row).join(", ")})`;
}

test.each([
  "update audit_entry set why = 'x'",
  "update audit_entry set why = 'x' where sequence = 99",
  "delete from audit_entry where sequence = 3",
  "delete from audit_head",
  "truncate audit_entry cascade",
  "truncate audit_head",
])("the database refuses: %s", async (text) => {
  await expect(execute(text)).rejects.toThrow(/append-only/);
});

test.each([
  ["goes back", "sequence = 2", /one entry at a time/],
  ["stays", "hash = sha256('x')", /one entry at a time/],
  ["skips one", "sequence = 5", /one entry at a time/],
  ["goes on without an entry", "sequence = 4, hash = sha256('x')", /audit_head_is_an_entry/],
])("the database refuses a head that %s", async (_, set, why) => {
  await expect(execute(`update audit_head set ${set}`)).rejects.toThrow(why);
});

test("the database refuses a second head", async () => {
  await expect(execute("insert into audit_head (sequence, hash) values (0, '')")).rejects.toThrow(
    /constraint/,
  );
});

test("number and hash of an entry are not the writer's to choose", async () => {
  const before = await auditReads(database.postgres).readAudit(1n, 100);
  await execute(insert({ sequence: "77", hash: "sha256('x')" }));
  const { entries, head } = await auditReads(database.postgres).readAudit(1n, 100);
  const last = entries.at(-1)!;
  expect(last.sequence).toBe(before.head!.sequence + 1n);
  expect(head).toEqual({ sequence: last.sequence, hash: last.hash });
});

test.each([
  ["a time within a millisecond", { at: "'2030-01-01T00:00:00.1234Z'" }],
  ["a time without end", { at: "'infinity'" }],
  ["nobody who did it", { subject: "''" }],
  ["a method that is none", { method: "'issue'" }],
  ["nothing that was changed", { resource: "''" }],
  ["a reason of 501 letters", { why: "repeat('a', 501)" }],
  ["a digest of 31 bytes", { request_sha256: "substring(sha256('x') from 2)" }],
])("the database refuses an entry with %s", async (_, change) => {
  await expect(execute(insert(change))).rejects.toThrow(/check constraint|out of range|infinity/);
});

test("a transaction that comes to nothing leaves no gap", async () => {
  const { head } = await auditReads(database.postgres).readAudit(1n, 0);
  await expect(execute(`do $$ begin ${insert({})}; raise exception 'no'; end $$`)).rejects.toThrow(
    "no",
  );
  await execute(insert({}));
  const after = await auditReads(database.postgres).readAudit(1n, 0);
  expect(after.head!.sequence).toBe(head!.sequence + 1n);
});
