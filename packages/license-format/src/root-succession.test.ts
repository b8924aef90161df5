import { beforeAll, expect, test } from "vitest";
import {
  generateKeyPair,
  MAX_SUCCESSIONS,
  readRootSuccession,
  type SigningKey,
  signingKey,
  signRootSuccession,
  signTrustBundle,
  verifyTrustBundle,
} from "./index.ts";
import {
  forge,
  payloadOf,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

let sample: SampleDeployment;
let roots: readonly [SigningKey, SigningKey, SigningKey];
beforeAll(async () => {
  sample = await sampleDeployment();
  roots = [sample.root, await newRoot(), await newRoot()];
});

async function newRoot(): Promise<SigningKey> {
  return signingKey("trust", (await generateKeyPair()).privateKey);
}

const succession = (from: SigningKey, to: SigningKey, deployment = sample.trust.deployment) =>
  signRootSuccession(from, {
    deployment,
    successor: to.publicKey,
    issuedAt: sample.trust.issuedAt,
  });

/** The sample's bundle, signed by another root that brings these successions along. */
const bundle = (by: SigningKey, successions: readonly string[]) =>
  signTrustBundle(by, { ...sample.trust, successions });

const fault = async (token: string, pinned: SigningKey = roots[0]) => {
  const verified = await verifyTrustBundle(token, pinned.publicKey);
  return verified.kind === "refused" ? verified.fault : verified.kind;
};

test("a verifier that has pinned an earlier root believes the later one, over any number of steps", async () => {
  const [first, second, third] = roots;
  const both = [await succession(first, second), await succession(second, third)];
  const token = await bundle(third, both);
  for (const pinned of roots) expect(await fault(token, pinned)).toBe("verified");
  expect(await fault(await bundle(third, both.toReversed()))).toBe("verified");
  expect(await fault(await bundle(second, both))).toBe("verified");
});

test("a root that no earlier one named is not believed", async () => {
  const [first, second, third] = roots;
  expect(await fault(await bundle(second, []))).toBe("unknown-key");
  expect(await fault(await bundle(third, [await succession(second, third)]))).toBe("unknown-key");
  expect(await fault(await bundle(third, [await succession(first, second)]))).toBe("unknown-key");
  const named = await succession(first, second);
  const backwards = await bundle(first, [named]);
  expect(await fault(backwards, second)).toBe("unknown-key");
});

test("a succession of another deployment, or one that somebody else signed, leads nowhere", async () => {
  const [first, second] = roots;
  const foreign = await succession(first, second, "elsewhere.example.com");
  expect(await fault(await bundle(second, [foreign]))).toBe("unknown-key");
  const posing = { ...second, kid: first.kid };
  const header = { alg: "EdDSA", kid: first.kid, typ: "root+jwt" };
  const claims = payloadOf(await succession(first, second));
  expect(await fault(await bundle(second, [await forge(posing, header, claims)]))).toBe(
    "unknown-key",
  );
});

test("two roots that name each other are no way round for ever", async () => {
  const [first, second] = roots;
  const circle = [await succession(first, second), await succession(second, first)];
  expect(await fault(await bundle(second, circle))).toBe("verified");
});

test("a bundle with too many successions, or with other tokens in their place, is malformed", async () => {
  const [first, second] = roots;
  const one = await succession(first, second);
  await expect(
    bundle(
      second,
      Array.from({ length: MAX_SUCCESSIONS + 1 }, () => one),
    ),
  ).rejects.toThrow(RangeError);
  await expect(bundle(second, ["no token"])).rejects.toThrow(RangeError);
  expect(await fault(await bundle(second, [sample.tokens.trust]))).toBe("unknown-key");
});

test("a succession tells both keys, and is signed by the one that is succeeded alone", async () => {
  const [first, second] = roots;
  const token = await succession(first, second);
  expect(await readRootSuccession(token)).toMatchObject({
    kind: "verified",
    claims: { predecessor: first.publicKey, successor: second.publicKey },
  });
  expect(await readRootSuccession(`${token}A`)).toEqual({ kind: "refused", fault: "malformed" });
  await expect(
    signRootSuccession(sample.licenseKey, {
      deployment: sample.trust.deployment,
      successor: second.publicKey,
      issuedAt: sample.trust.issuedAt,
    }),
  ).rejects.toThrow(RangeError);
  await expect(succession(first, first)).rejects.toThrow(RangeError);
});
