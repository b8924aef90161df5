import { thumbprint } from "@leasehold/license-format";
import type { SigningKey, TrustedKey } from "@leasehold/license-format";
import { ForeignSecret } from "../domain/foreign-secret.ts";
import type { Pepper } from "../domain/product-key.ts";
import { latestGeneration } from "../domain/signing-key.ts";
import type { CertificatePurpose } from "../domain/signing-key.ts";
import type { KeyRing, KeyRingStore, LockedKeyRing, SealedKey } from "./key-ring.ts";
import { latestTrust, publishTrust } from "./publish-trust.ts";
import type { PublishedTrust } from "./publish-trust.ts";
import { sealAnew } from "./seal-anew.ts";
import { makeSigningKey, openSigningKey } from "./signing-keys.ts";
import type { KeyAuthority } from "./signing-ports.ts";

/** What opening the key ring takes. */
export interface OpenKeyRing extends KeyAuthority {
  readonly keyRingStore: KeyRingStore;
  /** The one in use first, then earlier ones that keys are still stored under. */
  readonly peppers: readonly Pepper[];
  /** What borrowed seats are verified with, 32 bytes each; their private halves are the seat-brokers'. */
  readonly leasePublicKeys: readonly Uint8Array[];
}

/**
 * The keys that certificates are signed with, made upon the first start. Issuers that
 * start at a time get the same ones.
 * @throws Error that tells which secret does not belong to this database
 */
export function openKeyRing(opening: OpenKeyRing): Promise<KeyRing> {
  return opening.keyRingStore.whileLocked(async (ring) => {
    const versions = opening.peppers.map(({ version }) => version);
    const foreign = await ring.findForeignPepper(versions);
    if (foreign !== undefined) {
      throw new ForeignSecret(
        "pepper",
        `product keys are stored under another pepper (version ${foreign})`,
      );
    }
    await sealAnew(opening, ring);
    const keys = await ring.listKeys();
    const licenseKey = await openOrMake(opening, ring, "license", keys);
    const installKey = await openOrMake(opening, ring, "install", keys);
    const auditKey = await openOrMake(opening, ring, "audit", keys);
    const trust = await publishTrust(opening, ring, {
      signing: [licenseKey, installKey, auditKey],
      lease: opening.leasePublicKeys.map(leaseKey),
    });
    return keyRing(opening.deployment, { licenseKey, installKey, auditKey }, trust);
  });
}

/**
 * The key ring as it is, after somebody changed it.
 * @throws Error if it cannot be opened with the secrets of this process
 */
export function readKeyRing(
  opening: KeyAuthority & Pick<OpenKeyRing, "keyRingStore">,
): Promise<KeyRing> {
  return opening.keyRingStore.whileLocked(async (ring) => {
    const keys = await ring.listKeys();
    const licenseKey = openSigningKey(opening, keys, "license");
    const installKey = openSigningKey(opening, keys, "install");
    const auditKey = openSigningKey(opening, keys, "audit");
    const trust = await latestTrust(opening, ring);
    if (!licenseKey || !installKey || !auditKey || !trust) {
      throw new Error("the signing keys were taken out of the database");
    }
    return keyRing(opening.deployment, { licenseKey, installKey, auditKey }, trust);
  });
}

function keyRing(
  deployment: string,
  signing: Pick<KeyRing, "licenseKey" | "installKey" | "auditKey">,
  { token, version, keys }: PublishedTrust,
): KeyRing {
  return { deployment, ...signing, trustBundle: token, version, trustedKeys: keys };
}

async function openOrMake(
  opening: OpenKeyRing,
  ring: LockedKeyRing,
  purpose: CertificatePurpose,
  keys: readonly SealedKey[],
): Promise<SigningKey> {
  const opened = openSigningKey(opening, keys, purpose);
  if (opened) return opened;
  const generation = latestGeneration(keys, purpose) + 1;
  return (await makeSigningKey(opening, ring, purpose, generation)).key;
}

function leaseKey(publicKey: Uint8Array): TrustedKey {
  return { kid: thumbprint(publicKey), purpose: "lease", publicKey };
}
