import { createCipheriv, createDecipheriv } from "node:crypto";
import type { RandomBytes } from "@leasehold/kernel";

/** What a sealed private key is bound to: it opens as nothing else. */
export interface SealContext {
  readonly purpose: string;
  readonly kid: string;
}

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const CIPHER = "aes-256-gcm";

/**
 * Seals a private key with AES-256-GCM.
 * @param keyEncryptionKey 32 bytes
 * @returns nonce (12 bytes), ciphertext, tag (16 bytes)
 */
export function seal(
  keyEncryptionKey: Uint8Array,
  context: SealContext,
  privateKey: Uint8Array,
  random: RandomBytes,
): Uint8Array {
  const nonce = random(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, keyEncryptionKey, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(associatedData(context));
  return Buffer.concat([nonce, cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]);
}

/** What was sealed; `undefined` if key or context is another, or the bytes were changed. */
export function unseal(
  keyEncryptionKey: Uint8Array,
  context: SealContext,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv(CIPHER, keyEncryptionKey, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_LENGTH, -TAG_LENGTH)),
      decipher.final(),
    ]);
  } catch {
    return undefined; // the tag does not match
  }
}

function associatedData({ purpose, kid }: SealContext): Uint8Array {
  return Buffer.from(`leasehold/signing-key/v1\0${purpose}\0${kid}`, "utf8");
}
