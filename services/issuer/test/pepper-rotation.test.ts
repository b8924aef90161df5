import { transaction } from "@leasehold/store-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pepper } from "../src/domain/product-key.ts";
import { createCustomer, createStudio, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { keyedLicense, productKeys, unlockedBy } from "./keyed-license.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal } from "./refusal.ts";

const EARLIER = new Uint8Array(32).fill(5);
const NEWEST = new Uint8Array(32).fill(6);

let database: MigratedPostgres;
let parent: string;
/** Issuers with the earlier pepper alone, and with both. */
let before: IssuerUnderTest;
let rotated: IssuerUnderTest;

beforeAll(async () => {
  database = await migratedPostgres();
  before = await startIssuer(database.url, { config: { pepper: [EARLIER] } });
  rotated = await startIssuer(database.url, { config: { pepper: [NEWEST, EARLIER] } });
  parent = (await createCustomer(before.admin)).name;
  await createStudio(before.admin);
});
afterAll(async () => {
  await rotated[Symbol.asyncDispose]();
  await before[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function idOf(name: string): string {
  return name.split("/").at(-1) ?? "";
}

async function pepperOf(name: string): Promise<string | undefined> {
  const text = `select pepper_version from product_key where id = '${idOf(name)}'`;
  return (await database.postgres.query<{ pepper_version: string }>({ text }))[0]?.pepper_version;
}

test("a key that unlocks is stored under the newest pepper from then on", async () => {
  const { key, secret, license } = await keyedLicense(before, parent);
  expect(await pepperOf(key.name)).toBe(pepper(EARLIER).version);
  expect(await unlockedBy(rotated, secret)).toBe(license);
  expect(await pepperOf(key.name)).toBe(pepper(NEWEST).version);
  expect(await unlockedBy(rotated, secret)).toBe(license);
  // Proof that the MAC is another one: who has the earlier pepper alone does not find it.
  expect((await refusal(unlockedBy(before, secret))).reason).toBe("UNLOCK_REFUSED");
});

test("a key that is refused stays where it is", async () => {
  const { key, secret, license } = await keyedLicense(before, parent);
  await rotated.admin.suspendLicense({ requestId: requestId(), name: license });
  expect((await refusal(unlockedBy(rotated, secret))).reason).toBe("LICENSE_SUSPENDED");
  const stranger = rotated.activation.verifyProductKey({
    productKey: secret,
    licensee: { name: "Eve", organization: "Evil" },
    product: "products/studio",
  });
  expect((await refusal(stranger)).reason).toBe("UNLOCK_REFUSED");
  expect(await pepperOf(key.name)).toBe(pepper(EARLIER).version);
});

test("20 that unlock by one key at once all do, and it is moved once", async () => {
  const { key, secret, license } = await keyedLicense(before, parent);
  const answers = await Promise.all(Array.from({ length: 20 }, () => unlockedBy(rotated, secret)));
  expect(new Set(answers)).toEqual(new Set([license]));
  expect(await pepperOf(key.name)).toBe(pepper(NEWEST).version);
});

test("nobody who unlocks waits for whoever is changing the key", async () => {
  const { key, secret, license } = await keyedLicense(before, parent);
  await transaction(database.postgres, async (tx) => {
    const text = `select id from product_key where id = '${idOf(key.name)}' for update`;
    await tx.query({ text });
    expect(await unlockedBy(rotated, secret)).toBe(license);
  });
  expect(await pepperOf(key.name)).toBe(pepper(EARLIER).version);
  expect(await unlockedBy(rotated, secret)).toBe(license);
  expect(await pepperOf(key.name)).toBe(pepper(NEWEST).version);
});

test("an earlier pepper can go once no key that unlocks is stored under it", async () => {
  await using own = await migratedPostgres();
  const start = (...peppers: readonly [Uint8Array, ...Uint8Array[]]) =>
    startIssuer(own.url, { config: { pepper: peppers } });
  const sold = await (async () => {
    await using under = await start(EARLIER);
    const customer = (await createCustomer(under.admin)).name;
    await createStudio(under.admin);
    return [await keyedLicense(under, customer), await keyedLicense(under, customer)] as const;
  })();
  const [used, lost] = sold;
  {
    await using under = await start(NEWEST, EARLIER);
    await unlockedBy(under, used.secret);
  }
  await expect(start(NEWEST)).rejects.toThrow(/another pepper/);
  {
    await using under = await start(NEWEST, EARLIER);
    await productKeys(under).revokeProductKey({ requestId: requestId(), name: lost.key.name });
  }
  await using under = await start(NEWEST);
  expect(await unlockedBy(under, used.secret)).toBe(used.license);
});
