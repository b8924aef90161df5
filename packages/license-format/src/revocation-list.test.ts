import { beforeAll, expect, test } from "vitest";
import {
  isRevoked,
  MAX_REVOKED,
  type RevocationList,
  signRevocationList,
  verifyRevocationList,
} from "./index.ts";
import {
  forge,
  LICENSE,
  NOW,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

const ID = "0190a000-0000-7000-8000-000000000001";
const OTHER = "0190a000-0000-7000-8000-000000000002";
const REVOKED: RevocationList = {
  deployment: LICENSE.deployment,
  version: 3,
  licenses: [ID],
  installations: [{ id: OTHER, revokedAt: NOW }],
  issuedAt: NOW,
};

let sample: SampleDeployment;
beforeAll(async () => {
  sample = await sampleDeployment();
});

test("a list gives its claims back, whether empty or full", async () => {
  const full = {
    ...REVOKED,
    licenses: Array.from({ length: MAX_REVOKED }, () => ID),
    installations: Array.from({ length: MAX_REVOKED }, () => ({ id: OTHER, revokedAt: NOW })),
  };
  const empty = { ...REVOKED, version: 0, licenses: [], installations: [] };
  for (const claims of [REVOKED, full, empty]) {
    const token = await signRevocationList(sample.licenseKey, claims);
    expect(await verifyRevocationList(token, sample.trust)).toEqual({ kind: "verified", claims });
  }
});

test("an older list than one that was seen is refused, and one of another deployment", async () => {
  const token = await signRevocationList(sample.licenseKey, REVOKED);
  const fault = async (trust = sample.trust, version = 3) => {
    const verified = await verifyRevocationList(token, trust, version);
    return verified.kind === "refused" ? verified.fault : verified.kind;
  };
  expect(await fault()).toBe("verified");
  expect(await fault(sample.trust, 4)).toBe("older-list");
  expect(await fault({ ...sample.trust, deployment: "other.example" })).toBe("wrong-issuer");
  expect(await fault({ ...sample.trust, keys: [] })).toBe("unknown-key");
});

test("a list that another key signed, or that is another token, is refused", async () => {
  await expect(signRevocationList(sample.installKey, REVOKED)).rejects.toThrow(RangeError);
  const payload = payloadOf(await signRevocationList(sample.licenseKey, REVOKED));
  const header = { alg: "EdDSA", kid: sample.installKey.kid, typ: "revlist+jwt" };
  const forged = await forge(sample.installKey, header, payload);
  expect(await verifyRevocationList(forged, sample.trust)).toMatchObject({
    fault: "wrong-purpose",
  });
  expect(await verifyRevocationList(sample.tokens.license, sample.trust)).toMatchObject({
    fault: "wrong-type",
  });
});

test.each<[string, Record<string, unknown>]>([
  ["a version below zero", { version: -1 }],
  ["a license that is no UUID", { licenses: ["customers/a"] }],
  ["too many licenses", { licenses: Array.from({ length: MAX_REVOKED + 1 }, () => ID) }],
  ["no licenses", { licenses: undefined }],
  ["an installation without time", { installations: [{ id: ID }] }],
  ["installations that are no list", { installations: {} }],
])("a list with %s is refused, though it is signed", async (_, change) => {
  const payload = payloadOf(await signRevocationList(sample.licenseKey, REVOKED));
  const header = { alg: "EdDSA", kid: sample.licenseKey.kid, typ: "revlist+jwt" };
  const forged = await forge(sample.licenseKey, header, { ...payload, ...change });
  expect(await verifyRevocationList(forged, sample.trust)).toMatchObject({ fault: "malformed" });
});

test("a revoked license's certificates are revoked, whoever's it was and whenever they were issued", () => {
  const certificate = { license: `customers/b/licenses/${ID}`, issuedAt: NOW + 1_000 };
  expect(isRevoked(REVOKED, certificate)).toBe(true);
  expect(isRevoked(REVOKED, { ...certificate, license: `customers/b/licenses/${OTHER}` })).toBe(
    false,
  );
});

test("an installation's certificates are revoked that were issued until then", () => {
  const license = `customers/b/licenses/${OTHER}`;
  const at = (id: string, issuedAt: number) =>
    isRevoked(REVOKED, { license, installation: `installations/${id}`, issuedAt });
  expect([at(OTHER, NOW - 1_000), at(OTHER, NOW), at(OTHER, NOW + 1_000), at(ID, NOW)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
