import type { issuer } from "@leasehold/contracts";
import { newProductKey } from "@leasehold/license-format";
import { systemRandom } from "@leasehold/kernel";
import type { Problem } from "@leasehold/kernel";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseText, tracesOf } from "./database-text.ts";
import {
  createCustomer,
  createStudio,
  issueLicense,
  LICENSEE,
  requestId,
  startIssuer,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 3_600_000;
const clock = manualClock(NOW);

let database: MigratedPostgres;
let under: IssuerUnderTest;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url, { clock });
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface Keyed {
  readonly license: issuer.License;
  readonly secret: string;
}

async function keyed(terms: Parameters<typeof wireTerms>[0] = {}): Promise<Keyed> {
  const license = await issueLicense(under.admin, parent, wireLicense({ terms: wireTerms(terms) }));
  const { secret } = await under.admin.createProductKey({
    requestId: requestId(),
    parent: license.name,
  });
  return { license, secret };
}

function verify(productKey: string, licensee = LICENSEE, product = "products/studio") {
  return under.activation.verifyProductKey({ productKey, licensee, product });
}

function told({ reason, message, metadata, violations, retryAfterMs }: Problem): unknown {
  return { reason, message, metadata, violations, retryAfterMs };
}

test("a product key is shown once, and unlocks its license from then on", async () => {
  const license = await issueLicense(under.admin, parent);
  const request = { requestId: requestId(), parent: license.name };
  const { productKey, secret } = await under.admin.createProductKey(request);
  expect(secret).toMatch(/^2[0-9A-Z]{4}(-[0-9A-Z]{5}){4}$/);
  expect(productKey).toMatchObject({ hint: secret.slice(0, 5) });
  expect(productKey?.name.startsWith(`${license.name}/productKeys/`)).toBe(true);
  const { product } = await under.admin.getProduct({ name: "products/studio" });
  expect(await verify(secret)).toEqual({ license, product });
  expect(await under.admin.createProductKey(request)).toEqual({ productKey, secret: "" });
});

test("neither the database nor the log has the key", async () => {
  const { secret } = await keyed();
  const kept = (await databaseText(database.postgres)) + JSON.stringify(under.logged);
  for (const trace of tracesOf(secret)) expect(kept.includes(trace)).toBe(false);
});

test("a key unlocks however it and the licensee are typed", async () => {
  const { license, secret } = await keyed();
  const fullWidth = secret.replaceAll(/\d/g, (digit) =>
    String.fromCodePoint(0xff10 + Number(digit)),
  );
  for (const typed of [secret.toLowerCase(), ` ${secret.replaceAll("-", " ")} `, fullWidth]) {
    const answer = await verify(typed, { name: "ADA  lovelace", organization: " acme gmbh " });
    expect(answer.license?.name).toBe(license.name);
  }
});

test("unknown key, wrong name, organization or product, and revoked license are refused alike", async () => {
  const { license, secret } = await keyed();
  const revoked = await keyed();
  const name = revoked.license.name;
  await under.admin.revokeLicense({ requestId: requestId(), name, expectedRevision: 0n });
  const refusals = await Promise.all([
    refusal(verify(newProductKey(systemRandom).text)),
    refusal(verify(secret, { ...LICENSEE, name: "Eve" })),
    refusal(verify(secret, { ...LICENSEE, organization: "Evil" })),
    refusal(verify(secret, LICENSEE, "products/other")),
    refusal(verify(revoked.secret)),
    refusal(verify(revoked.secret, { ...LICENSEE, name: "Eve" })),
    refusal(verify(newProductKey(systemRandom).text, { name: "-", organization: "-" })),
  ]);
  expect(refusals[0]?.reason).toBe("UNLOCK_REFUSED");
  expect(new Set(refusals.map((problem) => JSON.stringify(told(problem)))).size).toBe(1);
  expect((await verify(secret)).license).toEqual(license);
});

test("who has proven to know the key is told why the license cannot be used", async () => {
  const notStarted = await keyed({ startTime: new Date(NOW + DAY) });
  const over = await keyed({ startTime: new Date(NOW - DAY), endTime: new Date(NOW) });
  const suspended = await keyed();
  const { name } = suspended.license;
  await under.admin.suspendLicense({ requestId: requestId(), name, expectedRevision: 0n });

  expect(await refusal(verify(notStarted.secret))).toMatchObject({
    reason: "LICENSE_NOT_STARTED",
    metadata: { start_time: "2030-01-02T00:00:00.000Z" },
  });
  expect(await refusal(verify(over.secret))).toMatchObject({
    reason: "LICENSE_EXPIRED",
    metadata: { end_time: "2030-01-01T00:00:00.000Z" },
  });
  expect((await refusal(verify(suspended.secret))).reason).toBe("LICENSE_SUSPENDED");
  const wrongName = { ...LICENSEE, name: "Eve" };
  for (const { secret } of [notStarted, over, suspended]) {
    expect((await refusal(verify(secret, wrongName))).reason).toBe("UNLOCK_REFUSED");
  }
});

test("a suspended license unlocks again once it is resumed", async () => {
  const { license, secret } = await keyed();
  const change = { name: license.name, expectedRevision: 0n };
  await under.admin.suspendLicense({ requestId: requestId(), ...change });
  await under.admin.resumeLicense({ requestId: requestId(), ...change });
  expect((await verify(secret)).license).toMatchObject({ name: license.name, revision: 3n });
});

test("a mistyped key is told apart from an unknown one", async () => {
  const { secret } = await keyed();
  const symbol = secret.at(8) === "7" ? "8" : "7";
  const typo = secret.slice(0, 8) + symbol + secret.slice(9);
  for (const typed of [
    typo,
    secret.slice(1),
    `${secret}2`,
    "🔑",
    "",
    "\0",
    `\u202e${secret}`,
    "x".repeat(10_000),
  ]) {
    const { reason, violations } = await refusal(verify(typed));
    expect([typed, reason, violations]).toEqual([typed, "KEY_CHECK", []]);
  }
});

test("a key of an earlier generation is refused with advice, and with whom to ask", async () => {
  for (const typed of ["LH1-ABCD-EFGH-JKMN", "lh1 abcd efgh jkmn"]) {
    const { reason, metadata } = await refusal(verify(typed));
    expect(reason).toBe("KEY_GENERATION_RETIRED");
    expect(metadata).toMatchObject({
      contact: "sales@example.com",
      advice: expect.stringMatching(/new/) as string,
    });
  }
});

test("what is no licensee or product is refused before the key is looked at", async () => {
  const call = verify("not a key", { name: "a\nb", organization: "" }, "studio");
  expect(await refusedFields(call)).toEqual(["licensee.name", "licensee.organization", "product"]);
});

test("a revoked license gets no more keys", async () => {
  const { name } = await issueLicense(under.admin, parent);
  await under.admin.revokeLicense({ requestId: requestId(), name, expectedRevision: 0n });
  const { reason } = await refusal(
    under.admin.createProductKey({ requestId: requestId(), parent: name }),
  );
  expect(reason).toBe("LICENSE_STATE_CONFLICT");
});

test("of 20 requests for a key with one id, exactly one shows it", async () => {
  const { name } = await issueLicense(under.admin, parent);
  const request = { requestId: requestId(), parent: name };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => under.admin.createProductKey(request)),
  );
  const shown = answers.map(({ secret }) => secret).filter((secret) => secret !== "");
  expect(shown).toHaveLength(1);
  expect(new Set(answers.map(({ productKey }) => productKey!.name)).size).toBe(1);
  expect((await verify(shown[0]!)).license?.name).toBe(name);
});

test("keys stored under an earlier pepper unlock while it is given, new ones go under the newest", async () => {
  const { license, secret } = await keyed();
  const [newest, earlier] = [new Uint8Array(32).fill(9), new Uint8Array(32).fill(2)];
  await using rotated = await startIssuer(database.url, {
    clock,
    config: { pepper: [newest, earlier] },
  });
  const request = { productKey: secret, licensee: LICENSEE, product: "products/studio" };
  expect((await rotated.activation.verifyProductKey(request)).license?.name).toBe(license.name);
  const made = await rotated.admin.createProductKey({
    requestId: requestId(),
    parent: license.name,
  });
  expect((await refusal(verify(made.secret))).reason).toBe("UNLOCK_REFUSED"); // the other issuer does not know it
  const other = { productKey: made.secret, licensee: LICENSEE, product: "products/studio" };
  expect((await rotated.activation.verifyProductKey(other)).license?.name).toBe(license.name);
});
