import { generateKeyPair, signAuditCheckpoint, signingKey } from "@leasehold/license-format";
import { tentatively } from "@leasehold/store-kit";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditReads } from "../src/store/postgres-audit.ts";
import { verifyAudit } from "../src/use-cases/verify-audit.ts";
import type { AuditVerdict } from "../src/use-cases/verify-audit.ts";
import { writeEntries } from "./audited-issuer.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

/** More than one page. */
const ENTRIES = 510;
const TAMPERINGS = 1_000;

let database: MigratedPostgres;
let keyRing: Parameters<typeof verifyAudit>[0]["keyRing"];
let checkpoint: string;

beforeAll(async () => {
  database = await migratedPostgres();
  const { postgres } = database;
  await writeEntries(postgres, ENTRIES);
  // Somebody who may do anything may also set a time to the microsecond.
  await postgres.query({ text: "alter table audit_entry drop constraint audit_entry_at_check" });
  const auditKey = signingKey("audit", (await generateKeyPair()).privateKey);
  keyRing = { deployment: "test.leasehold.local", trustedKeys: [auditKey] };
  const { head } = await auditReads(postgres).readAudit(1n, 0);
  checkpoint = await signAuditCheckpoint(auditKey, {
    deployment: keyRing.deployment,
    sequence: Number(head!.sequence),
    hash: head!.hash,
    issuedAt: 0,
  });
});
afterAll(() => database[Symbol.asyncDispose]());

/** What somebody does to the table who may do anything, and the first entry that is wrong then. */
interface Tampering {
  readonly sql: string;
  readonly firstFault: number;
  readonly fault: RegExp;
}

/** What is left in the chain's head, and in every hash, by somebody who knows how it is made. */
const REHASH = `do $$ declare e audit_entry; h bytea := decode(repeat('00', 32), 'hex'); begin
  for e in select * from audit_entry order by sequence loop
    update audit_entry set hash = audit_hash(h, e) where sequence = e.sequence returning hash into h;
  end loop;
  update audit_head set hash = h, sequence = (select max(sequence) from audit_entry);
end $$`;

const place = fc.integer({ min: 1, max: ENTRIES });
const WORD = fc.string({
  minLength: 1,
  maxLength: 8,
  unit: fc.constantFrom("a", "b", "Ä", "ß", "☃", " ", "'", "-"),
});
const quoted = (word: string) => `'${word.replaceAll("'", "''")}'`;

const change: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom("subject", "resource", "why"), WORD, fc.boolean())
    .map(([field, word, behind]) =>
      behind ? `${field} = ${field} || ${quoted(word)}` : `${field} = ${quoted(word)} || ${field}`,
    ),
  fc.constantFrom("subject", "resource", "why").map((field) => `${field} = reverse(${field})`),
  fc.constantFrom("IssueLicense", "Amendlicense", "A").map((method) => `method = '${method}'`),
  fc
    .integer({ min: -1_000_000_000, max: 1_000_000_000 })
    .filter((us) => us !== 0)
    .map((us) => `at = at + interval '${us} microseconds'`),
  fc.uuid().map((id) => `request_id = '${id}'`),
  fc
    .tuple(fc.constantFrom("hash", "request_sha256"), fc.integer({ min: 0, max: 255 }))
    .map(([field, bit]) => `${field} = set_bit(${field}, ${bit}, 1 - get_bit(${field}, ${bit}))`),
);

const changed: fc.Arbitrary<Tampering> = fc.tuple(place, change).map(([at, set]) => ({
  sql: `update audit_entry set ${set} where sequence = ${at}`,
  firstFault: at,
  fault: /was changed|does not follow/,
}));

const rewrote: fc.Arbitrary<Tampering> = fc
  .tuple(
    place,
    change.filter((set) => !set.startsWith("hash")),
  )
  .map(([at, set]) => ({
    sql: `update audit_entry set ${set} where sequence = ${at}; ${REHASH}`,
    firstFault: ENTRIES,
    fault: /not what the checkpoint was signed for/,
  }));

const SHIFT = 1_000_000;
const renumber = (from: number, by: number) => `
  update audit_entry set sequence = sequence + ${SHIFT} where sequence >= ${from};
  update audit_entry set sequence = sequence - ${SHIFT - by} where sequence >= ${SHIFT}`;

const deleted: fc.Arbitrary<Tampering> = fc
  .tuple(place, fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([at, count, closeGap]) => ({
    sql: `delete from audit_entry where sequence >= ${at} and sequence < ${at + count};
      ${closeGap ? renumber(at, -count) : ""}`,
    firstFault: at,
    fault: /is missing|does not follow|was changed/,
  }));

const CONTENT = "at, subject, method, resource, why, request_id, request_sha256, hash";

const swapped: fc.Arbitrary<Tampering> = fc
  .tuple(place, place)
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => ({
    sql: `update audit_entry e set sequence = sequence + ${SHIFT} where sequence in (${one}, ${other});
      update audit_entry e set sequence = case when sequence = ${one + SHIFT} then ${other} else ${one} end
      where sequence > ${SHIFT}`,
    firstFault: Math.min(one, other),
    fault: /is out of order/,
  }));

const inserted: fc.Arbitrary<Tampering> = fc
  .tuple(fc.integer({ min: 1, max: ENTRIES + 1 }), place, WORD, fc.boolean())
  .map(([at, copied, why, hashed]) => ({
    sql: `create temporary table copy on commit drop as
        select * from audit_entry where sequence = ${copied};
      ${renumber(at, 1)};
      insert into audit_entry (sequence, ${CONTENT})
        select ${at}, at, subject, method, resource, ${quoted(why)}, request_id, request_sha256, hash
        from copy;
      ${hashed ? rehash(at) : ""};
      update audit_head set sequence = sequence + ${at > ENTRIES ? 0 : 1}`,
    // One with a hash that fits is in order itself: what was there before it no longer is. Where
    // the checkpoint was signed, not even such a one is.
    firstFault: hashed && at < ENTRIES ? at + 1 : at,
    fault: /was put in|was changed|does not follow|not what the checkpoint/,
  }));

const rehash = (at: number) => `update audit_entry e set hash = audit_hash(
    coalesce((select hash from audit_entry where sequence = ${at} - 1), decode(repeat('00', 32), 'hex')), e)
  where sequence = ${at}`;

const truncated: fc.Arbitrary<Tampering> = fc.tuple(place, fc.boolean()).map(([at, rewound]) => ({
  sql: `delete from audit_entry where sequence >= ${at};
    ${rewound ? `update audit_head set sequence = ${at - 1}, hash = coalesce((select hash from audit_entry where sequence = ${at - 1}), decode(repeat('00', 32), 'hex'))` : ""}`,
  firstFault: at,
  fault: /is missing/,
}));

const tampering = fc.oneof(changed, rewrote, deleted, swapped, inserted, truncated);

/** The verdict on a chain after somebody changed it; nothing of it is left. */
function verdictAfter(sql: string, kept?: string): Promise<AuditVerdict | undefined> {
  return tentatively(database.postgres, async (tx) => {
    // Without triggers, as somebody has it who may do anything.
    for (const text of ["set local session_replication_role = replica", sql]) {
      await tx.query({ text });
    }
    let last: AuditVerdict | undefined;
    const ports = { store: auditReads(tx), keyRing };
    for await (const verdict of verifyAudit(ports, kept, AbortSignal.timeout(60_000)))
      last = verdict;
    return last;
  });
}

test("a chain that nobody touched is as it was made", async () => {
  expect(await verdictAfter("select 1", checkpoint)).toEqual({
    entries: BigInt(ENTRIES),
    first: undefined,
  });
});

test(`of ${TAMPERINGS} random tamperings every one is found, at its first entry`, async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(tampering, async ({ sql, firstFault, fault }) => {
      const first = (await verdictAfter(sql, checkpoint))?.first;
      expect(first?.sequence).toBe(BigInt(firstFault));
      expect(first?.fault).toMatch(fault);
      found += 1;
    }),
    { numRuns: TAMPERINGS, endOnFailure: true },
  );
  expect(found).toBe(TAMPERINGS);
  expect(await verdictAfter("select 1", checkpoint)).toMatchObject({ first: undefined });
}, 240_000);

test.each<[string, string, bigint, string]>([
  [
    "a field of an entry that was changed",
    "update audit_entry set why = 'x' where sequence = 7",
    7n,
    "was changed, or the one before it was, and its hash with it",
  ],
  [
    "an entry that was changed together with its hash",
    `update audit_entry set why = 'x' where sequence = 7; ${rehash(7)}`,
    8n,
    "was changed, or the one before it was, and its hash with it",
  ],
  [
    "the last entry, changed together with its hash",
    `update audit_entry set why = 'x' where sequence = ${ENTRIES}; ${rehash(ENTRIES)}`,
    BigInt(ENTRIES),
    "was changed, and its hash with it",
  ],
  ["an entry that is missing", "delete from audit_entry where sequence = 7", 7n, "is missing"],
  [
    "an entry that is missing, where the gap was closed",
    `delete from audit_entry where sequence = 7; ${renumber(7, -1)}`,
    7n,
    "is missing, and those behind it were renumbered",
  ],
  [
    "an entry that was put in",
    `${renumber(7, 1)}; insert into audit_entry (sequence, ${CONTENT}) select 7, ${CONTENT} from audit_entry where sequence = 300`,
    7n,
    "was put in",
  ],
  [
    "an entry behind the end",
    `insert into audit_entry (sequence, ${CONTENT}) select ${ENTRIES + 1}, ${CONTENT} from audit_entry where sequence = ${ENTRIES}; ${rehash(ENTRIES + 1)}`,
    BigInt(ENTRIES) + 1n,
    `was put in: the chain had come to entry ${ENTRIES}`,
  ],
  [
    "an entry before the first",
    `alter table audit_entry drop constraint audit_entry_sequence_check;
     insert into audit_entry (sequence, ${CONTENT}) select 0, ${CONTENT} from audit_entry where sequence = 1`,
    1n,
    "has one before it that was put in",
  ],
  [
    "entries in another order",
    `update audit_entry set sequence = 999 where sequence = 7;
     update audit_entry set sequence = 7 where sequence = 505;
     update audit_entry set sequence = 505 where sequence = 999`,
    7n,
    "is out of order: what belongs here is entry 505",
  ],
  [
    "an end that was cut off",
    "delete from audit_entry where sequence > 500",
    501n,
    `is missing: the chain had come to entry ${ENTRIES}`,
  ],
  ["all of it gone", "delete from audit_entry", 1n, "is missing: the chain had come to entry 510"],
  [
    "a head that is gone",
    "delete from audit_head",
    BigInt(ENTRIES) + 1n,
    "may be missing: the chain has lost its head",
  ],
])("%s is told", async (_, sql, sequence, fault) => {
  expect((await verdictAfter(sql))?.first).toEqual({ sequence, fault });
});
