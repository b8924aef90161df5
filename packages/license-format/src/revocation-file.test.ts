import { beforeAll, expect, test } from "vitest";
import {
  formatRevocationFile,
  generateKeyPair,
  MAX_REVOKED,
  parseRevocationFile,
  type RevocationList,
  signRevocationList,
  verifyRevocationFile,
} from "./index.ts";
import {
  LICENSE,
  NOW,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

const ID = "0190a000-0000-7000-8000-000000000001";
const REVOKED: RevocationList = {
  deployment: LICENSE.deployment,
  version: 3,
  licenses: [ID],
  installations: [{ id: ID, revokedAt: NOW }],
  issuedAt: NOW,
};

let sample: SampleDeployment;
let tokens: { readonly revocations: string; readonly trust: string };
beforeAll(async () => {
  sample = await sampleDeployment();
  const revocations = await signRevocationList(sample.licenseKey, REVOKED);
  tokens = { revocations, trust: sample.tokens.trust };
});

test("a revocation file tells how much is revoked, and gives its list back, from the root down", async () => {
  const file = formatRevocationFile(tokens);
  expect(file.slice(0, file.indexOf("-----"))).toBe(
    [
      "# Leasehold revocation file",
      "# Deployment: dev.leasehold.local",
      "# Version: 3",
      "# Licenses: 1",
      "# Installations: 1",
      "# Issued: 2030-01-15T12:00:00.000Z",
      "",
    ].join("\n"),
  );
  expect(parseRevocationFile(file)).toMatchObject({ kind: "parsed", ...tokens });
  expect(await verifyRevocationFile(tokens, sample.root.publicKey)).toEqual({
    kind: "verified",
    claims: { revocations: REVOKED, trust: sample.trust },
  });
});

test("a file of the longest list is written and read", async () => {
  const revocations = await signRevocationList(sample.licenseKey, {
    ...REVOKED,
    licenses: Array.from({ length: MAX_REVOKED }, () => ID),
    installations: Array.from({ length: MAX_REVOKED }, () => ({ id: ID, revokedAt: NOW })),
  });
  const largest = { ...tokens, revocations };
  expect(parseRevocationFile(formatRevocationFile(largest))).toMatchObject(largest);
});

test("an older list or trust bundle than was seen, and another root, are refused", async () => {
  const { publicKey } = await generateKeyPair();
  const fault = async (root: Uint8Array, seen: object) => {
    const verified = await verifyRevocationFile(tokens, root, seen);
    return verified.kind === "refused" ? verified.fault : verified.kind;
  };
  expect(await fault(sample.root.publicKey, { minVersion: 3, minTrustVersion: 7 })).toBe(
    "verified",
  );
  expect(await fault(sample.root.publicKey, { minVersion: 4 })).toBe("older-list");
  expect(await fault(sample.root.publicKey, { minTrustVersion: 8 })).toBe("older-bundle");
  expect(await fault(publicKey, {})).toBe("unknown-key");
});

test("a file that is cut off or doubled is refused, and one of other tokens is not written", () => {
  const file = formatRevocationFile(tokens);
  expect(parseRevocationFile(file + file)).toMatchObject({ fault: "doubled" });
  expect(parseRevocationFile(file.slice(0, -50))).toMatchObject({ fault: "truncated" });
  expect(() => formatRevocationFile({ ...tokens, revocations: tokens.trust })).toThrow(RangeError);
});
