import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseText, tracesOf } from "./database-text.ts";
import { createCustomer, createStudio, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { keyedLicense, productKeys } from "./keyed-license.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

let database: MigratedPostgres;
/** One that keeps keys, one that does not, on one database. */
let keeping: IssuerUnderTest;
let plain: IssuerUnderTest;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  keeping = await startIssuer(database.url, { config: { keepProductKeys: true } });
  plain = await startIssuer(database.url);
  parent = (await createCustomer(keeping.admin)).name;
  await createStudio(keeping.admin);
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await keeping[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function reveal(under: IssuerUnderTest, name: string, id = requestId()) {
  const request = { requestId: id, name, why: "the customer lost it" };
  return productKeys(under).revealProductKey(request);
}

test("a kept key is told again, and that it was is on record", async () => {
  const { key, secret } = await keyedLicense(keeping, parent);
  expect(await reveal(keeping, key.name)).toEqual({ secret });
  const carriedOut = keeping.logged.filter(({ facts }) => facts["event"] === "carried-out");
  expect(carriedOut.at(-1)?.facts).toMatchObject({
    method: "RevealProductKey",
    subject: "admin",
    resource: key.name,
  });
});

test("a repetition, which is not on record by itself, is told nothing", async () => {
  const { key, secret } = await keyedLicense(keeping, parent);
  const id = requestId();
  expect(await reveal(keeping, key.name, id)).toEqual({ secret });
  expect(await reveal(keeping, key.name, id)).toEqual({ secret: "" });
  expect(await reveal(keeping, key.name)).toEqual({ secret });
});

test("every key that is made is kept: one by one, by the thousand, or in place of another", async () => {
  const { key, license } = await keyedLicense(keeping, parent);
  const keys = productKeys(keeping);
  const made = await keys.reissueProductKey({ requestId: requestId(), name: key.name });
  expect((await reveal(keeping, made.productKey!.name)).secret).toBe(made.secret);
  const request = { requestId: requestId(), parent: license, count: 3 };
  for await (const { keys: some } of keys.generateProductKeys(request)) {
    for (const { productKey, secret } of some)
      expect((await reveal(keeping, productKey!.name)).secret).toBe(secret);
  }
});

test("neither the database nor the log has a key that was kept and told", async () => {
  const { key, secret } = await keyedLicense(keeping, parent);
  await reveal(keeping, key.name);
  const kept = (await databaseText(database.postgres)) + JSON.stringify(keeping.logged);
  for (const trace of tracesOf(secret)) expect(kept.includes(trace)).toBe(false);
});

test("a key that was made before keys were kept is not told, nor is any where none are kept", async () => {
  const before = await keyedLicense(plain, parent);
  expect((await refusal(reveal(keeping, before.key.name))).reason).toBe("KEY_NOT_KEPT");
  const since = await keyedLicense(keeping, parent);
  expect((await refusal(reveal(plain, since.key.name))).reason).toBe("KEY_NOT_KEPT");
});

test("a key that is revoked is kept no more", async () => {
  const { key } = await keyedLicense(keeping, parent);
  await productKeys(keeping).revokeProductKey({ requestId: requestId(), name: key.name });
  expect((await refusal(reveal(keeping, key.name))).reason).toBe("KEY_NOT_KEPT");
  const id = key.name.split("/").at(-1);
  const text = `select sealed_key from product_key where id = '${id}'`;
  expect(await database.postgres.query({ text })).toEqual([{ sealed_key: null }]);
});

test("a key that was moved to another one's row is not told as that one", async () => {
  const [one, other] = [await keyedLicense(keeping, parent), await keyedLicense(keeping, parent)];
  const [first, second] = [one, other].map(({ key }) => key.name.split("/").at(-1));
  await database.postgres.query({ text: "alter table product_key disable trigger user" });
  await database.postgres.query({
    text: `update product_key k set sealed_key = o.sealed_key
      from product_key o where k.id = '${first}' and o.id = '${second}'`,
  });
  await database.postgres.query({ text: "alter table product_key enable trigger user" });
  expect((await refusal(reveal(keeping, one.key.name))).reason).toBe("INTERNAL");
});

test("nobody is told a key without saying why, or without the permission", async () => {
  const { key } = await keyedLicense(keeping, parent);
  const request = { requestId: requestId(), name: key.name, why: "" };
  expect(await refusedFields(productKeys(keeping).revealProductKey(request))).toEqual(["why"]);
  const call = productKeys(keeping, "reader").revealProductKey({ ...request, why: "curious" });
  expect((await refusal(call)).reason).toBe("PERMISSION_DENIED");
});

test("a kept key is told after the key-encryption key was rotated, for as long as the earlier one is given", async () => {
  await using other = await migratedPostgres();
  const [former, newest] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(8)];
  const start = (...keyEncryptionKey: [Uint8Array, ...Uint8Array[]]) =>
    startIssuer(other.url, { config: { keepProductKeys: true, keyEncryptionKey } });
  let kept: Awaited<ReturnType<typeof keyedLicense>>;
  {
    await using before = await start(former);
    await createStudio(before.admin);
    kept = await keyedLicense(before, (await createCustomer(before.admin)).name);
  }
  {
    await using rotated = await start(newest, former);
    expect(await reveal(rotated, kept.key.name)).toEqual({ secret: kept.secret });
  }
  await using after = await start(newest);
  expect((await refusal(reveal(after, kept.key.name))).reason).toBe("INTERNAL");
});
