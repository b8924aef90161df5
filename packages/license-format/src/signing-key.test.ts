import { verify } from "node:crypto";
import { expect, test } from "vitest";
import {
  generateKeyPair,
  publicKeyOf,
  type Signer,
  signingKey,
  signingKeyOf,
  signLicense,
  thumbprint,
} from "./index.ts";
import { LICENSE } from "../test/sample-deployment.ts";

// RFC 8037, appendix A: a key pair, its thumbprint.
const SEED = Buffer.from("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "base64url");
const PUBLIC = Buffer.from("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "base64url");

test("the key of RFC 8037 has the public key and the thumbprint that stand there", () => {
  expect(Buffer.from(publicKeyOf(SEED))).toEqual(PUBLIC);
  expect(thumbprint(PUBLIC)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});

test("a generated pair belongs together, and no two are alike", async () => {
  const [one, other] = [await generateKeyPair(), await generateKeyPair()];
  expect(publicKeyOf(one.privateKey)).toEqual(one.publicKey);
  expect(one.publicKey).not.toEqual(other.publicKey);
});

test("a signing key signs by plain Ed25519", async () => {
  const key = signingKey("license", SEED);
  const bytes = Buffer.from("hello");
  const signature = await key.sign(bytes);
  const jwk = { kty: "OKP", crv: "Ed25519", x: PUBLIC.toString("base64url") };
  expect(verify(null, bytes, { key: jwk, format: "jwk" }, signature)).toBe(true);
  expect(key).toMatchObject({ kid: thumbprint(PUBLIC), purpose: "license" });
});

test.each([0, 31, 33, 64])("%d bytes are no private key", (length) => {
  expect(() => signingKey("license", new Uint8Array(length))).toThrow(RangeError);
});

test("a key that is elsewhere signs as one in memory does, for its one purpose", async () => {
  const { privateKey } = await generateKeyPair();
  const inMemory = signingKey("license", privateKey);
  const asked: number[] = [];
  const elsewhere: Signer = {
    kid: inMemory.kid,
    publicKey: inMemory.publicKey,
    sign: (bytes) => {
      asked.push(bytes.length);
      return inMemory.sign(bytes);
    },
  };
  const remote = signingKeyOf("license", elsewhere);
  expect(await signLicense(remote, LICENSE)).toBe(await signLicense(inMemory, LICENSE));
  expect(asked).toHaveLength(1);
  await expect(signLicense(signingKeyOf("audit", elsewhere), LICENSE)).rejects.toThrow(RangeError);
});
