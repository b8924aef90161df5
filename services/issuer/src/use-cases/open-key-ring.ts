import type { Clock, RandomBytes } from "@leasehold/kernel";
import {
  generateKeyPair,
  signTrustBundle,
  signingKey,
  thumbprint,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { SigningKey, TrustBundle, TrustedKey } from "@leasehold/license-format";
import { seal, unseal } from "../domain/sealing.ts";
import type { Pepper } from "../domain/product-key.ts";
import type {
  CertificatePurpose,
  KeyRing,
  KeyRingStore,
  LockedKeyRing,
  SealedKey,
  StoredBundle,
} from "./key-ring.ts";

/** The secrets that an issuer is started with. */
interface IssuerSecrets {
  /** 32 bytes; seals the private keys of certificates. */
  readonly keyEncryptionKey: Uint8Array;
  /** Signs the trust bundle. */
  readonly root: SigningKey;
  /** The one in use first, then earlier ones that keys are still stored under. */
  readonly peppers: readonly Pepper[];
}

/** What opening the key ring takes. */
export interface OpenKeyRing {
  readonly store: KeyRingStore;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly deployment: string;
  readonly secrets: IssuerSecrets;
  /** What borrowed seats are verified with, 32 bytes each; their private halves are the seat-brokers'. */
  readonly leasePublicKeys: readonly Uint8Array[];
}

/**
 * The keys that certificates are signed with, made upon the first start. Issuers that
 * start at a time get the same ones.
 * @throws Error that tells which secret does not belong to this database
 */
export function openKeyRing(opening: OpenKeyRing): Promise<KeyRing> {
  const { store, deployment, secrets } = opening;
  return store.whileLocked(async (ring) => {
    const versions = secrets.peppers.map(({ version }) => version);
    const foreign = await ring.findForeignPepper(versions);
    if (foreign !== undefined) {
      throw new Error(`product keys are stored under another pepper (version ${foreign})`);
    }
    const sealed = await ring.listKeys();
    const licenseKey = await openKey(opening, ring, "license", sealed);
    const installKey = await openKey(opening, ring, "install", sealed);
    const auditKey = await openKey(opening, ring, "audit", sealed);
    const leaseKeys = opening.leasePublicKeys.map(leaseKey);
    const trustBundle = await openBundle(opening, ring, [
      ...[secrets.root, licenseKey, installKey, auditKey].map(trusted),
      ...leaseKeys,
    ]);
    return { deployment, licenseKey, installKey, auditKey, trustBundle };
  });
}

async function openKey(
  { clock, random, secrets }: OpenKeyRing,
  ring: LockedKeyRing,
  purpose: CertificatePurpose,
  keys: readonly SealedKey[],
): Promise<SigningKey> {
  const sealed = keys.find((key) => key.purpose === purpose);
  if (sealed) {
    const privateKey = unseal(secrets.keyEncryptionKey, sealed, sealed.sealedPrivateKey);
    if (!privateKey) {
      throw new Error(
        "the key-encryption key is not the one that the signing keys were sealed under",
      );
    }
    return signingKey(purpose, privateKey);
  }
  const { publicKey, privateKey } = await generateKeyPair();
  const kid = thumbprint(publicKey);
  const sealedPrivateKey = seal(secrets.keyEncryptionKey, { purpose, kid }, privateKey, random);
  await ring.insertKey({ kid, purpose, publicKey, sealedPrivateKey }, clock.now());
  return signingKey(purpose, privateKey);
}

function leaseKey(publicKey: Uint8Array): TrustedKey {
  return { kid: thumbprint(publicKey), purpose: "lease", publicKey };
}

function trusted({ kid, purpose, publicKey }: SigningKey): TrustedKey {
  return { kid, purpose, publicKey };
}

/** The latest bundle if it vouches for exactly these keys, else a new one of the next version. */
async function openBundle(
  { clock, deployment, secrets: { root } }: OpenKeyRing,
  ring: LockedKeyRing,
  keys: readonly TrustedKey[],
): Promise<string> {
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new Error("a lease key is in use for something else");
  }
  const stored = await ring.findLatestBundle();
  const latest = stored && (await readBundle(stored, root, deployment));
  if (stored && latest && vouchesFor(latest, keys)) return stored.token;
  const version = (latest?.version ?? 0) + 1;
  const issuedAt = clock.now();
  const token = await signTrustBundle(root, { deployment, version, keys, issuedAt });
  await ring.insertBundle({ version, token }, issuedAt);
  return token;
}

async function readBundle(
  { token }: StoredBundle,
  root: SigningKey,
  deployment: string,
): Promise<TrustBundle> {
  const verified = await verifyTrustBundle(token, root.publicKey);
  if (verified.kind === "refused") {
    throw new Error("the root key is not the one that this database's trust bundle is signed with");
  }
  if (verified.claims.deployment !== deployment) {
    throw new Error("this is the database of another deployment");
  }
  return verified.claims;
}

function vouchesFor(bundle: TrustBundle, keys: readonly TrustedKey[]): boolean {
  const known = new Set(bundle.keys.map(({ kid, purpose }) => `${purpose} ${kid}`));
  return (
    known.size === keys.length && keys.every(({ kid, purpose }) => known.has(`${purpose} ${kid}`))
  );
}
