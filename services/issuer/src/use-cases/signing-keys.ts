import { generateKeyPair, signingKey, thumbprint } from "@leasehold/license-format";
import type { SigningKey, TrustedKey } from "@leasehold/license-format";
import { seal, unseal } from "@leasehold/license-format";
import { ForeignSecret } from "../domain/foreign-secret.ts";
import type { CertificatePurpose } from "../domain/signing-key.ts";
import type { LockedKeyRing, SealedKey } from "./key-ring.ts";
import type { KeyAuthority } from "./signing-ports.ts";

/** Makes a key that signs from now on, in the place of one that has ended. */
export async function makeSigningKey(
  { clock, random, keyEncryptionKeys }: KeyAuthority,
  ring: LockedKeyRing,
  purpose: CertificatePurpose,
  generation: number,
): Promise<SealedKey & { readonly key: SigningKey }> {
  const { publicKey, privateKey } = await generateKeyPair();
  const kid = thumbprint(publicKey);
  const sealed = {
    kid,
    purpose,
    generation,
    state: "ACTIVE",
    publicKey: Buffer.from(publicKey).toString("base64url"),
    createTime: clock.now(),
    sealedPrivateKey: seal(keyEncryptionKeys[0], { purpose, kid }, privateKey, random),
  } as const;
  await ring.insertKey(sealed);
  return { ...sealed, key: signingKey(purpose, privateKey) };
}

/**
 * The key of a purpose that signs; `undefined` if there is none.
 * @throws Error if it is sealed under another key-encryption key
 */
export function openSigningKey(
  { keyEncryptionKeys }: Pick<KeyAuthority, "keyEncryptionKeys">,
  keys: readonly SealedKey[],
  purpose: CertificatePurpose,
): SigningKey | undefined {
  const sealed = keys.find((key) => key.purpose === purpose && key.state === "ACTIVE");
  if (!sealed?.sealedPrivateKey) return undefined;
  const { sealedPrivateKey } = sealed;
  const privateKey = keyEncryptionKeys
    .map((key) => unseal(key, sealed, sealedPrivateKey))
    .find(Boolean);
  if (!privateKey) {
    throw new ForeignSecret(
      "keyEncryptionKey",
      "the key-encryption key is not the one that the signing keys were sealed under",
    );
  }
  return signingKey(purpose, privateKey);
}

/** What is told of a key. */
export function trusted({ kid, purpose, publicKey }: TrustedKey): TrustedKey {
  return { kid, purpose, publicKey };
}
