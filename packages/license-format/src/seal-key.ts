import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { KEY_BYTES } from "./signing-key.ts";

/** RFC 8410: what stands before the 32 bytes of an X25519 private key in its PKCS #8 form. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");

/** And before those of a public key in its SPKI form. */
const SPKI_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

/**
 * The public half, 32 bytes, of a deployment's X25519 key, which secrets in request files are
 * sealed to.
 * @param privateKey any 32 bytes
 * @throws RangeError for any other length
 */
export function sealPublicKeyOf(privateKey: Uint8Array): Uint8Array {
  const spki = createPublicKey(sealPrivateKey(privateKey)).export({ format: "der", type: "spki" });
  return new Uint8Array(spki.subarray(-KEY_BYTES));
}

/** RFC 7638: the SHA-256 of an X25519 public key's JWK, in base64url, 43 characters. */
export function sealThumbprint(publicKey: Uint8Array): string {
  const x = Buffer.from(publicKey).toString("base64url");
  return createHash("sha256").update(`{"crv":"X25519","kty":"OKP","x":"${x}"}`).digest("base64url");
}

/** @throws RangeError if the key has not 32 bytes */
export function sealPublicKey(publicKey: Uint8Array): KeyObject {
  ensureLength(publicKey);
  const key = Buffer.concat([SPKI_PREFIX, publicKey]);
  return createPublicKey({ key, format: "der", type: "spki" });
}

/** @throws RangeError if the key has not 32 bytes */
export function sealPrivateKey(privateKey: Uint8Array): KeyObject {
  ensureLength(privateKey);
  const key = Buffer.concat([PKCS8_PREFIX, privateKey]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function ensureLength({ length }: Uint8Array): void {
  if (length !== KEY_BYTES) throw new RangeError(`an X25519 key has 32 bytes, not ${length}`);
}
