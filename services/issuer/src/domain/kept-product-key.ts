import { hkdfSync } from "node:crypto";
import type { RandomBytes, Uuid } from "@leasehold/kernel";
import { seal, unseal } from "@leasehold/license-format";

const LABEL = "leasehold/kept-product-key/v1";

/**
 * The key that product keys are sealed under, where they are kept to be told again. Follows from
 * the key-encryption key, and opens nothing else that is sealed under that one.
 * @param keyEncryptionKey 32 bytes
 */
export function keepingKey(keyEncryptionKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", keyEncryptionKey, "", LABEL, 32));
}

/**
 * A product key, sealed so that it opens as this one alone.
 * @param secret the key as it is printed
 */
export function sealProductKey(
  key: Uint8Array,
  id: Uuid,
  secret: string,
  random: RandomBytes,
): Uint8Array {
  return seal(key, contextOf(id), Buffer.from(secret, "ascii"), random);
}

/** The product key that was sealed; `undefined` if it was sealed under another key or as another one. */
export function openProductKey(key: Uint8Array, id: Uuid, sealed: Uint8Array): string | undefined {
  const secret = unseal(key, contextOf(id), sealed);
  return secret && Buffer.from(secret).toString("ascii");
}

function contextOf(id: Uuid) {
  return { purpose: "product-key", kid: id };
}
