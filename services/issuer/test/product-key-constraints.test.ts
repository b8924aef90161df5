import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, createStudio, startIssuer } from "./issuer-under-test.ts";
import { keyedLicense } from "./keyed-license.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

let database: MigratedPostgres;
/** A key, another one of its license, and one of another license. */
let key: string;
let sibling: string;
let foreign: string;

const idOf = (name: string) => name.split("/").at(-1) ?? "";

beforeAll(async () => {
  database = await migratedPostgres();
  await using under = await startIssuer(database.url, { config: { keepProductKeys: true } });
  const parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
  const sold = await keyedLicense(under, parent);
  key = idOf(sold.key.name);
  const requestId = newUuid(systemClock, systemRandom);
  const made = await under.admin.createProductKey({ requestId, parent: sold.license });
  sibling = idOf(made.productKey!.name);
  foreign = idOf((await keyedLicense(under, parent)).key.name);
});
afterAll(() => database[Symbol.asyncDispose]());

async function execute(text: string): Promise<void> {
  await database.postgres.query({ text });
}

/** Tries a change of the key, and takes it back. */
async function change(set: string): Promise<void> {
  await execute(`do $$ begin
    update product_key set ${set} where id = '${key}';
    raise exception 'let through';
  end $$`);
}

test.each<[string, () => string, RegExp]>([
  ["a state of its own", () => "state = 'PAUSED', sealed_key = null", /product_key_state_check/],
  ["a key that stays kept when revoked", () => "state = 'REVOKED'", /product_key_kept_check/],
  [
    "an active key that was replaced",
    () => `replaced_by = '${sibling}'`,
    /product_key_replaced_check/,
  ],
  [
    "a key in place of itself",
    () => `state = 'REVOKED', sealed_key = null, replaced_by = '${key}'`,
    /product_key_replaced_by_check/,
  ],
  [
    "another license's key in place of one",
    () => `state = 'REVOKED', sealed_key = null, replaced_by = '${foreign}'`,
    /product_key_replaced_by_fkey/,
  ],
  ["another hint", () => "hint = '22222'", /stays what it is/],
  [
    "another sealed key",
    () => "sealed_key = sealed_key || ''::bytea || sealed_key",
    /is kept when/,
  ],
])("the database refuses %s", async (_, set, why) => {
  await expect(change(set())).rejects.toThrow(why);
});

test("the database lets a key be revoked and replaced, once", async () => {
  const revoke = `state = 'REVOKED', sealed_key = null, replaced_by = '${sibling}'`;
  await expect(change(revoke)).rejects.toThrow(/let through/);
});

test("the database refuses to bring a revoked key back, and one key in place of two", async () => {
  const requested = `insert into product_key
    (id, license_id, pepper_version, mac, hint, create_time)
    select gen_random_uuid(), license_id, pepper_version, sha256(mac), hint, create_time
    from product_key where id = '${key}' returning id`;
  const [third] = await database.postgres.query<{ id: string }>({ text: requested });
  await execute(
    `update product_key set state = 'REVOKED', replaced_by = '${sibling}' where id = '${third!.id}'`,
  );
  const revival = `update product_key set state = 'ACTIVE', replaced_by = null where id = '${third!.id}'`;
  await expect(execute(revival)).rejects.toThrow(/does not change/);
  const second = `state = 'REVOKED', sealed_key = null, replaced_by = '${sibling}'`;
  await expect(change(second)).rejects.toThrow(/product_key_replaced_by/);
});

test.each([["a sealed key of another length", "'\\x00'", /product_key_sealed_key_check/]])(
  "the database refuses %s",
  async (_, sealed, why) => {
    const insert = `insert into product_key
    (id, license_id, pepper_version, mac, hint, create_time, sealed_key)
    select gen_random_uuid(), license_id, pepper_version, sha256(mac), hint, create_time, ${sealed}
    from product_key where id = '${foreign}'`;
    await expect(execute(insert)).rejects.toThrow(why);
  },
);

test("the keys of a license go to another one together, or not at all", async () => {
  const license = (id: string) => `(select license_id from product_key where id = '${id}')`;
  const move = (where: string) => `update product_key set license_id = l.id from license l
    where l.id = ${license(foreign)} and ${where}`;
  await expect(execute(move(`product_key.id = '${sibling}'`))).rejects.toThrow(/replaced_by_fkey/);
  await execute(move(`product_key.license_id = ${license(key)}`));
  const text = "select distinct license_id from product_key";
  expect(await database.postgres.query({ text })).toHaveLength(1);
});

test("the database refuses the same key twice", async () => {
  const insert = `insert into product_key (id, license_id, pepper_version, mac, hint, create_time)
    select gen_random_uuid(), license_id, pepper_version, mac, hint, create_time
    from product_key where id = '${foreign}'`;
  await expect(execute(insert)).rejects.toThrow(/product_key_pepper_version_mac_key/);
});

test("the database refuses a generation that is none, one without advice, and one that comes back", async () => {
  const retired = (generation: string, advice: string) =>
    execute(`insert into key_generation_retirement values ('${generation}', '${advice}', now())`);
  await expect(retired("lh1", "Ask.")).rejects.toThrow(/generation_check/);
  await expect(retired("3", "")).rejects.toThrow(/advice_check/);
  await retired("3", "Ask.");
  await expect(retired("3", "Ask again.")).rejects.toThrow(/pkey/);
  for (const change of [
    "delete from key_generation_retirement",
    "update key_generation_retirement set advice = 'No.'",
  ])
    await expect(execute(change)).rejects.toThrow(/stays retired/);
});
