import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
  type KeyObject,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import type { Signer } from "./signer.ts";

/**
 * What a key may sign: license certificates, installation certificates, borrowed seats, trust
 * bundles, checkpoints of the audit log.
 */
export type SigningPurpose = "license" | "install" | "lease" | "trust" | "audit";

/** Length of an Ed25519 public key, and of the seed that is its private key, in bytes. */
export const KEY_BYTES = 32;

/** Signs for one purpose. */
export interface SigningKey extends Signer {
  readonly purpose: SigningPurpose;
}

/** An Ed25519 key pair: the public key and the seed of the private key, 32 bytes each. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** RFC 8410: what stands before the seed in the PKCS #8 form of an Ed25519 private key. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Makes a key pair from the randomness of this machine. */
export async function generateKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generate)("ed25519");
  return { publicKey: publicBytes(publicKey), privateKey: seedOf(privateKey) };
}

/** Binds a signer to the one purpose that it signs for. */
export function signingKeyOf(purpose: SigningPurpose, signer: Signer): SigningKey {
  const { kid, publicKey } = signer;
  return { kid, purpose, publicKey, sign: (bytes) => signer.sign(bytes) };
}

/**
 * A signing key whose private key is in this process's memory.
 * @param privateKey 32 bytes
 * @throws RangeError for any other length
 */
export function signingKey(purpose: SigningPurpose, privateKey: Uint8Array): SigningKey {
  const key = privateKeyObject(privateKey);
  const publicKey = publicBytes(createPublicKey(key));
  return {
    kid: thumbprint(publicKey),
    purpose,
    publicKey,
    sign: (bytes) => Promise.resolve(sign(null, bytes, key)),
  };
}

/**
 * The public key, 32 bytes, of a private key.
 * @throws RangeError if the private key has not 32 bytes
 */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return publicBytes(createPublicKey(privateKeyObject(privateKey)));
}

/** RFC 7638: the SHA-256 of an Ed25519 public key's JWK, in base64url, 43 characters. */
export function thumbprint(publicKey: Uint8Array): string {
  const x = Buffer.from(publicKey).toString("base64url");
  return createHash("sha256")
    .update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)
    .digest("base64url");
}

function privateKeyObject(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_BYTES) {
    throw new RangeError(`an Ed25519 private key has 32 bytes, not ${seed.length}`);
  }
  const key = Buffer.concat([PKCS8_PREFIX, seed]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

// An Ed25519 key ends its SPKI form with its own 32 bytes, and its PKCS #8 form with the seed's.
function publicBytes(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES));
}

function seedOf(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: "der", type: "pkcs8" }).subarray(-KEY_BYTES));
}
