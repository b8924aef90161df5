import { issuer } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import type { Problem } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseText, tracesOf } from "./database-text.ts";
import { createCustomer, createStudio, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { keyedLicense, productKeys, unlockedBy } from "./keyed-license.ts";
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

const { ACTIVE, REVOKED } = issuer.ProductKeyState;
const keyed = () => keyedLicense(under, parent);

function told({ reason, message, metadata, violations, retryAfterMs }: Problem): string {
  return JSON.stringify({ reason, message, metadata, violations, retryAfterMs });
}

/** The row of a key, as it is kept. */
async function rowOf(
  name: string,
): Promise<{ readonly state: string; readonly replaced_by: string | null }> {
  const text = `select state, replaced_by from product_key where id = '${name.split("/").at(-1)}'`;
  return (
    await database.postgres.query<{ state: string; replaced_by: string | null }>({ text })
  )[0]!;
}

test("a revoked key is refused as an unknown one is, to the byte", async () => {
  const { key, secret, license } = await keyed();
  expect(await unlockedBy(under, secret)).toBe(license);
  const { productKey } = await keys.revokeProductKey({ requestId: requestId(), name: key.name });
  expect(productKey).toEqual({ ...key, state: REVOKED });
  const revoked = await refusal(unlockedBy(under, secret));
  const unknown = await refusal(unlockedBy(under, newProductKey(systemRandom).text));
  expect(revoked.reason).toBe("UNLOCK_REFUSED");
  expect(told(revoked)).toBe(told(unknown));
});

test("other keys of the license go on unlocking it", async () => {
  const { key, license } = await keyed();
  const other = await under.admin.createProductKey({ requestId: requestId(), parent: license });
  await keys.revokeProductKey({ requestId: requestId(), name: key.name });
  expect(await unlockedBy(under, other.secret)).toBe(license);
});

test("a reissued key unlocks in place of the old one, which names it", async () => {
  const old = await keyed();
  const request = { requestId: requestId(), name: old.key.name, why: "the letter was lost" };
  const { productKey, secret } = await keys.reissueProductKey(request);
  expect(productKey).toMatchObject({ state: ACTIVE, replacedBy: "", hint: secret.slice(0, 5) });
  expect(await unlockedBy(under, secret)).toBe(old.license);
  expect((await refusal(unlockedBy(under, old.secret))).reason).toBe("UNLOCK_REFUSED");
  const id = productKey!.name.split("/").at(-1);
  expect(await rowOf(old.key.name)).toEqual({ state: "REVOKED", replaced_by: id });
  expect(await keys.reissueProductKey(request)).toEqual({ productKey, secret: "" });
});

test("neither the database nor the log has the new key", async () => {
  const { key } = await keyed();
  const { secret } = await keys.reissueProductKey({ requestId: requestId(), name: key.name });
  const kept = (await databaseText(database.postgres)) + JSON.stringify(under.logged);
  for (const trace of tracesOf(secret)) expect(kept.includes(trace)).toBe(false);
});

test("what is only validated changes nothing, and tells no key", async () => {
  const { key, secret, license } = await keyed();
  const tried = { name: key.name, validateOnly: true };
  const revoked = await keys.revokeProductKey({ requestId: requestId(), ...tried });
  expect(revoked.productKey?.state).toBe(REVOKED);
  const reissued = await keys.reissueProductKey({ requestId: requestId(), ...tried });
  expect(reissued).toMatchObject({ secret: "", productKey: { state: ACTIVE } });
  expect(await rowOf(key.name)).toEqual({ state: "ACTIVE", replaced_by: null });
  expect(await unlockedBy(under, secret)).toBe(license);
});

test("of 10 that reissue one key at once, one gets a new key", async () => {
  const { key, license } = await keyed();
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, () =>
      keys.reissueProductKey({ requestId: requestId(), name: key.name }),
    ),
  );
  const won = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  expect(won).toHaveLength(1);
  const conflict = { reason: "STATE_CONFLICT", metadata: { state: "REVOKED" } };
  for (const { reason } of answers.filter((answer) => answer.status === "rejected"))
    expect(reason).toMatchObject(conflict);
  expect(await unlockedBy(under, won[0]!.secret)).toBe(license);
});

test("of those that reissue and revoke one key at once, one comes first and the others are refused", async () => {
  for (let round = 0; round < 5; round++) {
    const { key } = await keyed();
    const answers = await Promise.allSettled(
      [keys.reissueProductKey, ...Array.from({ length: 6 }, () => keys.revokeProductKey)].map(
        (change) => change({ requestId: requestId(), name: key.name }),
      ),
    );
    const refusals = answers.filter((answer) => answer.status === "rejected");
    expect(refusals).toHaveLength(6);
    for (const { reason } of refusals) expect(reason).toMatchObject({ reason: "STATE_CONFLICT" });
    const { replaced_by } = await rowOf(key.name);
    expect(replaced_by !== null).toBe(answers[0]!.status === "fulfilled");
  }
});

test("a revoked key is neither revoked again nor reissued", async () => {
  const { key } = await keyed();
  const request = { requestId: requestId(), name: key.name };
  const { productKey } = await keys.revokeProductKey(request);
  expect(await keys.revokeProductKey(request)).toEqual({ productKey });
  for (const change of [keys.revokeProductKey, keys.reissueProductKey]) {
    expect(await refusal(change({ requestId: requestId(), name: key.name }))).toMatchObject({
      reason: "STATE_CONFLICT",
      metadata: { state: "REVOKED" },
    });
  }
});

test("a key of a revoked license can be revoked, and not be reissued", async () => {
  const { key, license } = await keyed();
  await under.admin.revokeLicense({ requestId: requestId(), name: license });
  const reissue = keys.reissueProductKey({ requestId: requestId(), name: key.name });
  expect((await refusal(reissue)).reason).toBe("LICENSE_STATE_CONFLICT");
  const { productKey } = await keys.revokeProductKey({ requestId: requestId(), name: key.name });
  expect(productKey?.state).toBe(REVOKED);
});

test("an unknown key, another license's and another customer's are no keys", async () => {
  const { key, license } = await keyed();
  const id = newUuid(systemClock, systemRandom);
  const other = await keyed();
  const customer = (await createCustomer(under.admin)).name;
  for (const name of [
    `${license}/productKeys/${id}`,
    key.name.replace(license, other.license),
    key.name.replace(parent, customer),
  ]) {
    for (const change of [keys.revokeProductKey, keys.reissueProductKey]) {
      const call = change({ requestId: requestId(), name });
      expect((await refusal(call)).reason).toBe("NOT_FOUND");
    }
    const reveal = keys.revealProductKey({ requestId: requestId(), name, why: "asked" });
    expect((await refusal(reveal)).reason).toBe("NOT_FOUND");
  }
});

test.each(["reissueProductKey", "revokeProductKey", "revealProductKey"] as const)(
  "%s refuses every field that is wrong",
  async (method) => {
    const call = (request: object) => refusedFields(keys[method](request));
    const good = { requestId: requestId(), name: (await keyed()).key.name, why: "asked" };
    expect(await call({ ...good, requestId: "1" })).toEqual(["request_id"]);
    expect(await call({ ...good, name: "customers/acme" })).toEqual(["name"]);
    expect(await call({ ...good, why: "w".repeat(501) })).toEqual(["why"]);
    expect(await call({ requestId: "", name: "", why: "\n" })).toEqual([
      "request_id",
      "why",
      "name",
    ]);
  },
);
