import { issuer } from "@leasehold/contracts";
import { verifyLicense, verifyTrustBundle } from "@leasehold/license-format";
import type { TrustBundle } from "@leasehold/license-format";
import type { Client } from "@leasehold/rpc-client";
import { beforeEach, afterEach, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  requestId,
  ROOT_PUBLIC_KEY,
  startIssuer,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { exported } from "./audited-issuer.ts";
import { refusal, refusedFields } from "./refusal.ts";

type SigningClient = Client<typeof issuer.SigningServiceDefinition>;

const { ACTIVE, RETIRED, REVOKED } = issuer.SigningKeyState;

let database: MigratedPostgres;
let under: IssuerUnderTest;
let signing: SigningClient;
let license: string;

beforeEach(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  signing = signingOf(under);
  await createStudio(under.admin);
  license = (await issueLicense(under.admin, (await createCustomer(under.admin)).name)).name;
});
afterEach(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function signingOf(issuing: IssuerUnderTest): SigningClient {
  return issuing.of(issuer.SigningServiceDefinition, "admin");
}

async function trustOf(issuing = under): Promise<TrustBundle> {
  const { trustBundle } = await issuing.admin.getTrustBundle({});
  const verified = await verifyTrustBundle(trustBundle, ROOT_PUBLIC_KEY);
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims;
}

async function certificate(issuing = under): Promise<string> {
  const answer = await issuing.activation.issueCertificates({
    license,
    installation: `installations/${requestId()}`,
    publicKey: Buffer.alloc(32, 7),
  });
  return answer.licenseCertificate;
}

/** What comes of verifying a certificate with the newest bundle. */
async function verdict(token: string): Promise<string> {
  const verified = await verifyLicense(token, await trustOf(), { now: Date.now() });
  return verified.kind === "verified" ? "believed" : verified.fault;
}

function kidOf(token: string): string {
  const header = Buffer.from(token.split(".")[0]!, "base64url").toString();
  return (JSON.parse(header) as { readonly kid: string }).kid;
}

async function rotate(purpose = "license", by = signing): Promise<issuer.SigningKey> {
  return (await by.rotateSigningKey({ requestId: requestId(), purpose })).signingKey!;
}

async function signingKey(purpose = "license"): Promise<issuer.SigningKey> {
  const { signingKeys } = await signing.listSigningKeys({});
  return signingKeys.find((key) => key.purpose === purpose && key.state === ACTIVE)!;
}

async function revoke(name: string): Promise<issuer.SigningKey> {
  return (await signing.revokeSigningKey({ requestId: requestId(), name })).signingKey!;
}

test("a certificate is believed after one and two rotations, and not after a third", async () => {
  const token = await certificate();
  const verdicts: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { name } = await rotate();
    expect(`signingKeys/${kidOf(await certificate())}`).toBe(name);
    verdicts.push(await verdict(token));
  }
  expect(verdicts).toEqual(["believed", "believed", "unknown-key"]);
});

test("a certificate is not believed once its key is revoked, and the next one is", async () => {
  const token = await certificate();
  const key = await signingKey();
  const revoked = await revoke(key.name);
  expect(revoked).toMatchObject({
    name: key.name,
    state: REVOKED,
    retireTime: expect.any(Date) as Date,
  });
  expect(await verdict(token)).toBe("unknown-key");
  expect(await verdict(await certificate())).toBe("believed");
});

test("revoking a key does not end that those before it are believed, nor brings one back", async () => {
  const tokens = [await certificate()];
  for (let n = 0; n < 3; n += 1) {
    await rotate();
    tokens.push(await certificate());
  }
  const verdicts = () => Promise.all(tokens.map(verdict));
  expect(await verdicts()).toEqual(["unknown-key", "believed", "believed", "believed"]);
  await revoke((await signingKey()).name);
  expect(await verdicts()).toEqual(["unknown-key", "believed", "believed", "unknown-key"]);
});

test("a retired key is revoked without a change of what signs", async () => {
  const token = await certificate();
  const { name } = await rotate();
  await revoke(`signingKeys/${kidOf(token)}`);
  expect(await verdict(token)).toBe("unknown-key");
  expect((await signingKey()).name).toBe(name);
});

test("the version of the bundle rises with each change, and each purpose changes for itself", async () => {
  const before = await trustOf();
  const seen = [before.version];
  for (const purpose of ["license", "install", "audit"]) {
    await rotate(purpose);
    seen.push((await trustOf()).version);
  }
  await revoke((await signingKey("audit")).name);
  const after = await trustOf();
  expect([...seen, after.version]).toEqual([1, 2, 3, 4, 5]);
  const purposes = after.keys.map(({ purpose }) => purpose).sort();
  expect(purposes).toEqual(["audit", "audit", "install", "install", "license", "license", "trust"]);
});

test("the keys are listed with the newest at the front, and what each is", async () => {
  const first = await signingKey();
  const second = await rotate();
  const { signingKeys } = await signing.listSigningKeys({});
  expect(signingKeys).toHaveLength(4);
  expect(signingKeys[0]).toEqual(second);
  expect(second).toMatchObject({ purpose: "license", state: ACTIVE, retireTime: undefined });
  expect(second.publicKey).toHaveLength(32);
  expect(signingKeys.find(({ name }) => name === first.name)).toEqual({
    ...first,
    state: RETIRED,
    retireTime: expect.any(Date) as Date,
  });
});

test("an issuer that did not rotate signs with the new key soon, and has the newest bundle", async () => {
  await using other = await startIssuer(database.url);
  const { name } = await rotate();
  await expect.poll(async () => `signingKeys/${kidOf(await certificate(other))}`).toBe(name);
  expect((await trustOf(other)).version).toBe(2);
  await revoke(name);
  await expect.poll(async () => (await trustOf(other)).version).toBe(3);
  expect(await verdict(await certificate(other))).toBe("believed");
});

test("rotations at a time, of two issuers, never leave two keys that sign", async () => {
  await using other = await startIssuer(database.url);
  const issuers = [signing, signingOf(other)];
  await Promise.all(Array.from({ length: 8 }, (_, n) => rotate("license", issuers[n % 2])));
  const { signingKeys } = await signing.listSigningKeys({});
  const states = signingKeys.filter(({ purpose }) => purpose === "license").map((k) => k.state);
  expect(states.filter((state) => state === ACTIVE)).toHaveLength(1);
  expect(states).toHaveLength(9);
  await expect.poll(async () => (await trustOf(other)).version).toBe(9);
  expect(await verdict(await certificate(other))).toBe("believed");
  expect(await verdict(await certificate())).toBe("believed");
});

test("keys and bundle survive a restart after rotations, lease keys included", async () => {
  const leasePublicKeys = [new Uint8Array(32).fill(5)];
  {
    await using started = await startIssuer(database.url, { config: { leasePublicKeys } });
    await rotate("license", signingOf(started));
    expect((await trustOf(started)).keys.map(({ purpose }) => purpose)).toContain("lease");
  }
  await using again = await startIssuer(database.url, { config: { leasePublicKeys } });
  expect((await trustOf(again)).version).toBe(3);
});

test("a rotation that is repeated makes one key, and one that is validated makes none", async () => {
  const request = { requestId: requestId(), purpose: "license", why: "yearly" };
  const { signingKey: made } = await signing.rotateSigningKey(request);
  expect((await signing.rotateSigningKey(request)).signingKey).toEqual(made);
  await signing.rotateSigningKey({ ...request, requestId: requestId(), validateOnly: true });
  await signing.revokeSigningKey({
    requestId: requestId(),
    name: made!.name,
    validateOnly: true,
  });
  expect((await trustOf()).version).toBe(2);
  expect((await signing.listSigningKeys({})).signingKeys).toHaveLength(4);
  const entries = await exported(under.of(issuer.AuditServiceDefinition, "admin"));
  expect(entries.at(-1)).toMatchObject({
    method: "RotateSigningKey",
    resource: made!.name,
    why: "yearly",
  });
});

test("a checkpoint that a retired audit key signed is still one", async () => {
  const audit = under.of(issuer.AuditServiceDefinition, "admin");
  const { checkpoint } = await audit.createAuditCheckpoint({});
  await rotate("audit");
  for await (const { fault } of audit.verifyAudit({ checkpoint: checkpoint!.token })) {
    expect(fault).toBe("");
  }
  await rotate("audit");
  await rotate("audit");
  const verifying = async () => {
    for await (const _ of audit.verifyAudit({ checkpoint: checkpoint!.token })) continue;
  };
  expect(await refusedFields(verifying())).toEqual(["checkpoint"]);
});

test("a key that somebody wrote into the database is not vouched for", async () => {
  await database.postgres.query({
    text: `insert into signing_key (kid, purpose, generation, state, public_key, create_time, retire_time)
      values (repeat('A', 43), 'license', 7, 'RETIRED', decode(repeat('ab', 32), 'hex'), now(), now())`,
  });
  await rotate();
  const trust = await trustOf();
  expect(trust.keys.some(({ kid }) => kid === "A".repeat(43))).toBe(false);
});

test("what does not sign any more has no private half in the database", async () => {
  await rotate();
  await revoke((await signingKey("install")).name);
  const text = `select state, sealed_private_key is null as gone from signing_key order by 1, 2`;
  expect(await database.postgres.query({ text })).toEqual([
    ...Array.from({ length: 3 }, () => ({ state: "ACTIVE", gone: false })),
    { state: "RETIRED", gone: true },
    { state: "REVOKED", gone: true },
  ]);
});

test("a key that is not there, or is revoked, is not revoked", async () => {
  const { name } = await signingKey();
  await revoke(name);
  const again = await refusal(revoke(name));
  expect([again.reason, again.metadata]).toEqual(["STATE_CONFLICT", { state: "REVOKED" }]);
  const root = (await trustOf()).keys.find(({ purpose }) => purpose === "trust")!;
  expect((await refusal(revoke(`signingKeys/${root.kid}`))).reason).toBe("NOT_FOUND");
});

test.each(["", "lease", "trust", "License", "__proto__"])(
  "no key is made for the purpose %j",
  async (purpose) => {
    expect(await refusedFields(rotate(purpose))).toEqual(["purpose"]);
  },
);

test.each(["", "signingKeys/", "signingKeys/abc", `keys/${"A".repeat(43)}`])(
  "%j is no name of a signing key",
  async (name) => {
    expect(await refusedFields(revoke(name))).toEqual(["name"]);
  },
);

test("anyone may read the key set, which has what the bundle vouches for, but the root", async () => {
  await rotate();
  const { jsonWebKeySet } = await under
    .of(issuer.SigningServiceDefinition, undefined)
    .getJsonWebKeySet({});
  const { keys } = JSON.parse(jsonWebKeySet) as { keys: readonly { readonly kid: string }[] };
  const vouchedFor = (await trustOf()).keys.filter(({ purpose }) => purpose !== "trust");
  expect(keys.map(({ kid }) => kid).sort()).toEqual(vouchedFor.map(({ kid }) => kid).sort());
  expect(keys[0]).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
});

test.each([
  [
    "a second key of a purpose that signs",
    `insert into signing_key (kid, purpose, generation, state, public_key, sealed_private_key, create_time)
     select 'x', purpose, 9, state, public_key, sealed_private_key, now() from signing_key where purpose = 'audit'`,
    /signing_key_active/,
  ],
  [
    "a key that signs without a private half",
    "update signing_key set sealed_private_key = null",
    /signing_key_sealed_check/,
  ],
  [
    "a key with another public half",
    "update signing_key set public_key = decode(repeat('00', 32), 'hex')",
    /stays what it is/,
  ],
  [
    "a trust bundle of an earlier version",
    "insert into trust_bundle values (1, 'x', now())",
    /rises/,
  ],
  [
    "a trust bundle that skips a version",
    "insert into trust_bundle values (3, 'x', now())",
    /rises/,
  ],
])("the database refuses %s", async (_, text, why) => {
  await expect(database.postgres.query({ text })).rejects.toThrow(why);
});

test("the database refuses to bring a key back", async () => {
  await rotate();
  const back = `update signing_key set state = 'ACTIVE', retire_time = null,
    sealed_private_key = decode(repeat('00', 60), 'hex') where state = 'RETIRED'`;
  await expect(database.postgres.query({ text: back })).rejects.toThrow(/come back/);
  await revoke((await signingKey("audit")).name);
  const retired = "update signing_key set state = 'RETIRED' where state = 'REVOKED'";
  await expect(database.postgres.query({ text: retired })).rejects.toThrow(/come back/);
});
