import { beforeAll, expect, test } from "vitest";
import {
  type AuditCheckpointClaims,
  generateKeyPair,
  signAuditCheckpoint,
  signingKey,
  type SigningKey,
  type TrustBundle,
  verifyAuditCheckpoint,
} from "./index.ts";
import { forge, NOW, payloadOf, sampleDeployment } from "../test/sample-deployment.ts";
import type { SampleDeployment } from "../test/sample-deployment.ts";

const DEPLOYMENT = "dev.leasehold.local";
const CLAIMS: AuditCheckpointClaims = {
  deployment: DEPLOYMENT,
  sequence: 42,
  hash: new Uint8Array(32).fill(9),
  issuedAt: NOW,
};

let sample: SampleDeployment;
let key: SigningKey;
let trust: TrustBundle;

beforeAll(async () => {
  sample = await sampleDeployment();
  key = signingKey("audit", (await generateKeyPair()).privateKey);
  const { kid, purpose, publicKey } = key;
  trust = { ...sample.trust, keys: [...sample.trust.keys, { kid, purpose, publicKey }] };
});

test("a checkpoint gives its claims back, however long ago it was signed", async () => {
  const token = await signAuditCheckpoint(key, { ...CLAIMS, issuedAt: NOW + 999 });
  expect(await verifyAuditCheckpoint(token, trust)).toEqual({ kind: "verified", claims: CLAIMS });
});

test("the checkpoint of an empty log is one", async () => {
  const token = await signAuditCheckpoint(key, { ...CLAIMS, sequence: 0 });
  expect((await verifyAuditCheckpoint(token, trust)).kind).toBe("verified");
});

test("a checkpoint of another deployment is refused", async () => {
  const token = await signAuditCheckpoint(key, { ...CLAIMS, deployment: "other.example" });
  expect(await verifyAuditCheckpoint(token, trust)).toEqual({
    kind: "refused",
    fault: "wrong-issuer",
  });
});

test("a checkpoint that was signed with a key for something else is refused", async () => {
  const { licenseKey } = sample;
  const header = { alg: "EdDSA", kid: licenseKey.kid, typ: "audit+jwt" };
  const payload = payloadOf(await signAuditCheckpoint(key, CLAIMS));
  expect(await verifyAuditCheckpoint(await forge(licenseKey, header, payload), trust)).toEqual({
    kind: "refused",
    fault: "wrong-purpose",
  });
});

test("what an audit key signed as something else is no checkpoint", async () => {
  const payload = payloadOf(await signAuditCheckpoint(key, CLAIMS));
  const header = { alg: "EdDSA", kid: key.kid, typ: "license+jwt" };
  expect(await verifyAuditCheckpoint(await forge(key, header, payload), trust)).toEqual({
    kind: "refused",
    fault: "wrong-type",
  });
});

test.each<[string, Record<string, unknown>]>([
  ["a number below zero", { seq: -1 }],
  ["a number that is none", { seq: "42" }],
  ["a hash of 31 bytes", { hash: "A".repeat(42) }],
  ["no hash", { hash: undefined }],
  ["no time", { iat: undefined }],
])("a checkpoint with %s is refused", async (_, change) => {
  const payload = { ...payloadOf(await signAuditCheckpoint(key, CLAIMS)), ...change };
  const header = { alg: "EdDSA", kid: key.kid, typ: "audit+jwt" };
  expect(await verifyAuditCheckpoint(await forge(key, header, payload), trust)).toEqual({
    kind: "refused",
    fault: "malformed",
  });
});

test("only an audit key signs, and only what verifiers would take", async () => {
  await expect(signAuditCheckpoint(sample.licenseKey, CLAIMS)).rejects.toThrow(RangeError);
  await expect(signAuditCheckpoint(key, { ...CLAIMS, sequence: 0.5 })).rejects.toThrow(RangeError);
});
