import { seal, unseal } from "@leasehold/license-format";
import type { LockedKeyRing } from "./key-ring.ts";
import type { KeyAuthority } from "./signing-ports.ts";

/**
 * Seals under the newest key-encryption key whatever is sealed under an earlier one, which is not
 * needed for signing keys any more from then on.
 */
export async function sealAnew(
  { keyEncryptionKeys: [newest, ...earlier], random }: KeyAuthority,
  ring: LockedKeyRing,
): Promise<void> {
  for (const key of await ring.listKeys()) {
    const sealed = key.sealedPrivateKey;
    if (!sealed || unseal(newest, key, sealed)) continue;
    const privateKey = earlier.map((former) => unseal(former, key, sealed)).find(Boolean);
    if (privateKey) await ring.sealKey(key.kid, seal(newest, key, privateKey, random));
  }
}
