import { beforeAll, expect, test } from "vitest";
import {
  generateKeyPair,
  signingKey,
  signTrustBundle,
  type TrustBundle,
  verifyTrustBundle,
} from "./index.ts";
import {
  forge,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

let sample: SampleDeployment;
beforeAll(async () => {
  sample = await sampleDeployment();
});

function resigned(claims: object): Promise<string> {
  const { root, tokens } = sample;
  const header = { alg: "EdDSA", kid: root.kid, typ: "trust+jwt" };
  return forge(root, header, { ...payloadOf(tokens.trust), ...claims });
}

const verify = (token: string, minVersion?: number) =>
  verifyTrustBundle(token, sample.root.publicKey, minVersion);

test("a bundle that the pinned root signed gives its keys back", async () => {
  expect(await verify(sample.tokens.trust)).toEqual({ kind: "verified", claims: sample.trust });
});

test("a bundle of another root is refused, even if it poses under the pinned root's id", async () => {
  const other = signingKey("trust", (await generateKeyPair()).privateKey);
  expect(await verify(await signTrustBundle(other, sample.trust))).toEqual({
    kind: "refused",
    fault: "unknown-key",
  });
  const posing = { ...other, kid: sample.root.kid };
  expect(await verify(await signTrustBundle(posing, sample.trust))).toEqual({
    kind: "refused",
    fault: "signature",
  });
});

test("a bundle older than one seen before is refused, the same one is not", async () => {
  expect(await verify(sample.tokens.trust, 8)).toEqual({ kind: "refused", fault: "older-bundle" });
  expect((await verify(sample.tokens.trust, 7)).kind).toBe("verified");
});

test("a key of an unknown purpose is left out, the others are kept", async () => {
  const { keys } = payloadOf(sample.tokens.trust) as { keys: { purpose: string }[] };
  const token = await resigned({ keys: [{ ...keys[0], purpose: "escrow" }, keys[1]] });
  const verified = await verify(token);
  expect(verified.kind === "verified" && verified.claims.keys).toEqual([sample.trust.keys[1]]);
});

test.each<[string, (keys: readonly Record<string, unknown>[]) => object]>([
  ["one key for two purposes", ([key]) => ({ keys: [key, { ...key, purpose: "install" }] })],
  ["a key under another's id", ([key, other]) => ({ keys: [{ ...key, kid: other!["kid"] }] })],
  ["a key of 31 bytes", ([key]) => ({ keys: [{ ...key, x: "A".repeat(42) }] })],
  ["a key on another curve", ([key]) => ({ keys: [{ ...key, crv: "X25519" }] })],
  ["version 0", () => ({ version: 0 })],
  ["version 1.5", () => ({ version: 1.5 })],
  ["no keys at all", () => ({ keys: undefined })],
  ["65 keys", ([key]) => ({ keys: Array.from({ length: 65 }, () => ({ ...key, purpose: "x" })) })],
])("a bundle with %s is refused", async (_, claims) => {
  const { keys } = payloadOf(sample.tokens.trust) as { keys: Record<string, unknown>[] };
  expect(await verify(await resigned(claims(keys)))).toEqual({
    kind: "refused",
    fault: "malformed",
  });
});

test("only a root key signs, and only a bundle that verifiers would take", async () => {
  await expect(signTrustBundle(sample.licenseKey, sample.trust)).rejects.toThrow(RangeError);
  const [key] = sample.trust.keys;
  const broken: TrustBundle = { ...sample.trust, keys: [{ ...key!, kid: "x" }] };
  await expect(signTrustBundle(sample.root, broken)).rejects.toThrow(RangeError);
});
