import { issuer } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { parseProductKey } from "@leasehold/license-format";
import { transaction } from "@leasehold/store-kit";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseText, tracesOf } from "./database-text.ts";
import { createCustomer, createStudio, issueLicense, requestId } from "./issuer-under-test.ts";
import { startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { productKeys, unlockedBy } from "./keyed-license.ts";
import type { ProductKeyClient } from "./keyed-license.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

let database: MigratedPostgres;
let under: IssuerUnderTest;
let keys: ProductKeyClient;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  keys = productKeys(under);
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function newLicense(): Promise<string> {
  return (await issueLicense(under.admin, parent)).name;
}

type Request = Parameters<ProductKeyClient["generateProductKeys"]>[0];

async function generated(request: Request): Promise<issuer.GenerateProductKeysResponse[]> {
  const answers: issuer.GenerateProductKeysResponse[] = [];
  for await (const answer of keys.generateProductKeys(request)) answers.push(answer);
  return answers;
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

async function keysOf(license: string): Promise<number> {
  const id = license.split("/").at(-1);
  const text = `select id from product_key where license_id = '${id}'`;
  return (await database.postgres.query({ text })).length;
}

test("keys are told a few hundred at a time, and unlock", async () => {
  const license = await newLicense();
  const answers = await generated({ requestId: requestId(), parent: license, count: 601 });
  expect(answers.map((answer) => answer.keys.length)).toEqual([250, 250, 101]);
  expect(answers.map(({ made }) => made)).toEqual([601, 601, 601]);
  const told = answers.flatMap((answer) => answer.keys);
  expect(new Set(told.map(({ secret }) => secret)).size).toBe(601);
  for (const { secret, productKey } of told) {
    expect(parseProductKey(secret)).toMatchObject({ kind: "valid", key: { text: secret } });
    expect(productKey).toMatchObject({
      hint: secret.slice(0, 5),
      state: issuer.ProductKeyState.ACTIVE,
      generation: "2",
    });
    expect(productKey!.name.startsWith(`${license}/productKeys/`)).toBe(true);
  }
  for (const place of [0, 300, 600]) {
    expect(await unlockedBy(under, told[place]!.secret)).toBe(license);
  }
});

test("a repeated call tells the same keys' facts, without the keys, and makes none", async () => {
  const license = await newLicense();
  const request = { requestId: requestId(), parent: license, count: 300 };
  const first = await generated(request);
  const again = await generated(request);
  const bare = first.map(({ keys: some, made }) => ({
    made,
    keys: some.map((key) => ({ ...key, secret: "" })),
  }));
  expect(again).toEqual(bare);
  expect(await keysOf(license)).toBe(300);
  const other = { ...request, count: 301 };
  expect((await refusal(generated(other))).reason).toBe("REQUEST_ID_REUSED");
});

test("10,000 keys are made at once, and whoever goes away after the first undoes none", async () => {
  const license = await newLicense();
  const request = { requestId: requestId(), parent: license, count: 10_000 };
  const first = await firstOf(keys.generateProductKeys(request));
  expect(first?.made).toBe(10_000);
  expect(await keysOf(license)).toBe(10_000);
  expect(await unlockedBy(under, first!.keys[0]!.secret)).toBe(license);
  expect((await generated(request)).flatMap((answer) => answer.keys)).toHaveLength(10_000);
});

test("whoever goes away before the first is told undoes none either", async () => {
  const license = await newLicense();
  const request = { requestId: requestId(), parent: license, count: 300 };
  const leaving = new AbortController();
  let call: Promise<unknown> | undefined;
  await transaction(database.postgres, async (tx) => {
    const id = license.split("/").at(-1);
    await tx.query({ text: `select id from license where id = '${id}' for update` });
    call = refusal(firstOf(keys.generateProductKeys(request, { signal: leaving.signal })));
    await until("the call to wait for the license", 10_000, async () => {
      const text = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
      return (await tx.query({ text })).length > 0 || undefined;
    });
    leaving.abort();
    await call;
  });
  const told = (await generated(request)).flatMap((answer) => answer.keys);
  expect(told.map(({ secret }) => secret)).toEqual(Array.from({ length: 300 }, () => "")); // a repetition
  expect(await keysOf(license)).toBe(300);
});

test("if one key cannot be stored, none is", async () => {
  const license = await newLicense();
  const id = license.split("/").at(-1);
  await database.postgres.query({
    text: `create function refuse_400th() returns trigger language plpgsql as $$
      begin
        if (select count(*) from product_key where license_id = '${id}') >= 400
          and new.license_id = '${id}' then raise exception 'enough'; end if;
        return new;
      end $$`,
  });
  await database.postgres.query({
    text: "create trigger enough after insert on product_key for each row execute function refuse_400th()",
  });
  try {
    const call = generated({ requestId: requestId(), parent: license, count: 500 });
    expect((await refusal(call)).reason).toBe("INTERNAL");
  } finally {
    await database.postgres.query({ text: "drop function refuse_400th() cascade" });
  }
  expect(await keysOf(license)).toBe(0);
});

test("of 10 calls with one id, exactly one tells the keys", async () => {
  const license = await newLicense();
  const request = { requestId: requestId(), parent: license, count: 50 };
  const answers = await Promise.all(Array.from({ length: 10 }, () => generated(request)));
  const withKeys = answers.filter(([answer]) => answer!.keys[0]!.secret !== "");
  expect(withKeys).toHaveLength(1);
  expect(await keysOf(license)).toBe(50);
});

test("neither the database nor the log has any of the keys", async () => {
  const license = await newLicense();
  const answers = await generated({ requestId: requestId(), parent: license, count: 100 });
  const secrets = answers.flatMap((answer) => answer.keys.map(({ secret }) => secret));
  const kept = (await databaseText(database.postgres)) + JSON.stringify(under.logged);
  expect(kept).toContain(secrets[0]!.slice(0, 5)); // the hint: where the facts are, the key would be
  for (const secret of secrets)
    for (const trace of tracesOf(secret)) expect(kept.includes(trace)).toBe(false);
});

test.each<[string, Partial<Request>, readonly string[]]>([
  ["no request id", { requestId: "" }, ["request_id"]],
  ["a parent that is no license", { parent: "customers/acme" }, ["parent"]],
  ["no key", { count: 0 }, ["count"]],
  ["a negative number of keys", { count: -1 }, ["count"]],
  ["10,001 keys", { count: 10_001 }, ["count"]],
  ["a reason of 501 letters", { why: "w".repeat(501) }, ["why"]],
  [
    "nothing right",
    { requestId: "1", parent: "", count: 0, why: "\0" },
    ["request_id", "why", "parent", "count"],
  ],
])("%s is refused, by its field", async (_, change, fields) => {
  const good = { requestId: requestId(), parent: await newLicense(), count: 1 };
  expect(await refusedFields(generated({ ...good, ...change }))).toEqual(fields);
});

test("no license, another customer's and a revoked one get no keys", async () => {
  const license = await newLicense();
  const unknown = `${parent}/licenses/${newUuid(systemClock, systemRandom)}`;
  const other = (await createCustomer(under.admin)).name;
  for (const name of [unknown, license.replace(parent, other)]) {
    const call = generated({ requestId: requestId(), parent: name, count: 2 });
    expect((await refusal(call)).reason).toBe("NOT_FOUND");
  }
  await under.admin.revokeLicense({ requestId: requestId(), name: license });
  const call = generated({ requestId: requestId(), parent: license, count: 2 });
  expect(await refusal(call)).toMatchObject({
    reason: "LICENSE_STATE_CONFLICT",
    metadata: { state: "REVOKED" },
  });
});
