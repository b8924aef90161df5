import { compactVerify, createLocalJWKSet } from "jose";
import type { JSONWebKeySet } from "jose";
import { expect, test } from "vitest";
import { jsonWebKeySet } from "./index.ts";
import { sampleDeployment } from "../test/sample-deployment.ts";

test("a JOSE library verifies certificates with the set alone, and finds no root in it", async () => {
  const { root, trust, tokens } = await sampleDeployment();
  const { kid, purpose, publicKey } = root;
  const json = jsonWebKeySet([{ kid, purpose, publicKey }, ...trust.keys]);
  const set = createLocalJWKSet(JSON.parse(json) as JSONWebKeySet);
  const typeOf = async (token: string) => (await compactVerify(token, set)).protectedHeader.typ;
  expect(await typeOf(tokens.license)).toBe("license+jwt");
  expect(await typeOf(tokens.install)).toBe("install+jwt");
  await expect(typeOf(tokens.trust)).rejects.toThrow(/no applicable key/);
});

test("a key has the members of RFC 8037, and what it is for", async () => {
  const { licenseKey } = await sampleDeployment();
  expect(JSON.parse(jsonWebKeySet([licenseKey]))).toEqual({
    keys: [
      {
        kty: "OKP",
        crv: "Ed25519",
        x: Buffer.from(licenseKey.publicKey).toString("base64url"),
        kid: licenseKey.kid,
        use: "sig",
        alg: "EdDSA",
      },
    ],
  });
});
