import { issuer } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import type { KeyGeneration } from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, createStudio, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { keyedLicense, productKeys, unlockedBy } from "./keyed-license.ts";
import type { ProductKeyClient } from "./keyed-license.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NEWEST = 7;
const ADVICE = "Ask for a key that begins with a 7.";

/** Generations up to this one, which is current; the first is retired, the others are accepted. */
function registry(current: number): readonly KeyGeneration[] {
  return Array.from({ length: current }, (_, index): KeyGeneration => {
    const generation = current - index;
    return {
      id: String(generation),
      generation,
      shape: new RegExp(`^${generation}.{24}$`),
      form: `${generation}XXXX-XXXXX-XXXXX-XXXXX-XXXXX`,
      status: index === 0 ? "CURRENT" : generation === 1 ? "RETIRED" : "ACCEPTED",
      advice: generation === 1 ? "Too old." : "",
    };
  });
}

let database: MigratedPostgres;
let under: IssuerUnderTest;
let keys: ProductKeyClient;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url, { keyGenerations: registry(NEWEST) });
  keys = productKeys(under);
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** A license and its key, made when this generation was the current one. */
async function keyedBefore(generation: number) {
  await using before = await startIssuer(database.url, { keyGenerations: registry(generation) });
  return await keyedLicense(before, parent);
}

function retire(generation: number | string, change: object = {}) {
  const name = `keyGenerations/${generation}`;
  return keys.retireKeyGeneration({ requestId: requestId(), name, advice: ADVICE, ...change });
}

test("new keys are of the current generation, and keys of an accepted one unlock", async () => {
  const { license, secret, key } = await keyedBefore(2);
  expect(key.generation).toBe("2");
  expect(await unlockedBy(under, secret)).toBe(license);
  const made = await keyedLicense(under, parent);
  expect(made.key.generation).toBe("7");
  expect(await unlockedBy(under, made.secret)).toBe(made.license);
});

test("keys of a generation that was retired are refused with its advice, known or not", async () => {
  const { secret } = await keyedBefore(3);
  const { keyGeneration } = await retire(3);
  const retired = {
    name: "keyGenerations/3",
    shape: "3XXXX-XXXXX-XXXXX-XXXXX-XXXXX",
    status: issuer.KeyGenerationStatus.RETIRED,
    advice: ADVICE,
  };
  expect(keyGeneration).toEqual(retired);
  for (const typed of [secret, newProductKey(systemRandom, registry(3)).text]) {
    expect(await refusal(unlockedBy(under, typed))).toMatchObject({
      reason: "KEY_GENERATION_RETIRED",
      metadata: { advice: ADVICE, contact: "sales@example.com" },
    });
  }
  const { keyGenerations } = await keys.listKeyGenerations({});
  expect(keyGenerations.find(({ name }) => name === retired.name)).toEqual(retired);
});

test("a retired key does not come back under another generation's first symbol", async () => {
  const { secret } = await keyedBefore(4);
  await retire(4);
  const data = Array.from(secret.replaceAll("-", "").slice(1, 21), (symbol) =>
    SYMBOLS.indexOf(symbol),
  );
  const disguised = newProductKey(() => Uint8Array.from(data), registry(NEWEST)).text;
  expect((await refusal(unlockedBy(under, disguised))).reason).toBe("UNLOCK_REFUSED");
});

test("advice of 500 letters arrives in full", async () => {
  const { secret } = await keyedBefore(5);
  const advice = "\u{1F511}".repeat(500);
  await retire(5, { advice });
  expect((await refusal(unlockedBy(under, secret))).metadata["advice"]).toBe(advice);
});

test("of 5 that retire one generation at once, one does", async () => {
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => retire(6)));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await refusal(retire(6))).toMatchObject({
    reason: "STATE_CONFLICT",
    metadata: { state: "RETIRED" },
  });
});

test("retiring is repeated without effect, and tried without any", async () => {
  const { secret, license } = await keyedBefore(2);
  const tried = await retire(2, { validateOnly: true });
  expect(tried.keyGeneration?.status).toBe(issuer.KeyGenerationStatus.RETIRED);
  expect(await unlockedBy(under, secret)).toBe(license);
  const id = requestId();
  const done = await retire(2, { requestId: id });
  expect(await retire(2, { requestId: id })).toEqual(done);
});

test("neither the current generation nor one that the code retired can be retired", async () => {
  for (const [generation, state] of [
    [NEWEST, "CURRENT"],
    [1, "RETIRED"],
  ] as const) {
    expect(await refusal(retire(generation))).toMatchObject({
      reason: "STATE_CONFLICT",
      metadata: { state },
    });
  }
  expect((await refusal(retire("LH9"))).reason).toBe("NOT_FOUND");
});

test("the generations are listed, the newest in front", async () => {
  const { keyGenerations } = await keys.listKeyGenerations({});
  expect(keyGenerations.map(({ name }) => name)).toEqual(
    [7, 6, 5, 4, 3, 2, 1].map((generation) => `keyGenerations/${generation}`),
  );
  await using asReleased = await startIssuer(database.url);
  const released = await productKeys(asReleased).listKeyGenerations({});
  expect(released.keyGenerations.map(({ name, shape, status }) => [name, shape, status])).toEqual([
    ["keyGenerations/2", "2XXXX-XXXXX-XXXXX-XXXXX-XXXXX", issuer.KeyGenerationStatus.CURRENT],
    ["keyGenerations/1", "1XXXX-XXXXX-XXXXX-XXXXX-XXXXX", issuer.KeyGenerationStatus.RETIRED],
    ["keyGenerations/LH1", "LH1-XXXX-XXXX-XXXX", issuer.KeyGenerationStatus.RETIRED],
  ]);
  for (const { advice, status } of released.keyGenerations)
    expect(advice !== "").toBe(status === issuer.KeyGenerationStatus.RETIRED);
});

test.each<[string, object, readonly string[]]>([
  ["no request id", { requestId: "" }, ["request_id"]],
  ["a name of another collection", { name: "customers/2" }, ["name"]],
  ["a generation in small letters", { name: "keyGenerations/lh1" }, ["name"]],
  ["no advice", { advice: "" }, ["advice"]],
  ["advice of 501 letters", { advice: "a".repeat(501) }, ["advice"]],
  ["a reason of 501 letters", { why: "w".repeat(501) }, ["why"]],
  [
    "nothing right",
    { requestId: "", name: "", advice: "\0", why: "\0" },
    ["request_id", "why", "name", "advice"],
  ],
])("%s is refused, by its field", async (_, change, fields) => {
  expect(await refusedFields(retire(2, change))).toEqual(fields);
});
