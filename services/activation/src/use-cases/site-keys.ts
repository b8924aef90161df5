import type { Clock, RandomBytes } from "@leasehold/kernel";
import {
  generateKeyPair,
  seal,
  signingKey,
  type SigningKey,
  signTrustBundle,
  thumbprint,
  type TrustedKey,
  unseal,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { TrustStore } from "./ports.ts";
import type { SealedSiteKey, SiteKeyRing, SiteKeyStore } from "./site-ports.ts";

/** What opening a site's keys takes. */
export interface OpenSiteKeys {
  readonly keys: SiteKeyStore;
  readonly trust: TrustStore;
  readonly deployment: string;
  /** Seal the private keys, 32 bytes each: the first does, what an earlier one sealed is sealed anew. */
  readonly keyEncryptionKeys: readonly [Uint8Array, ...Uint8Array[]];
  /** What the site's seat-brokers sign borrowed seats with, 32 bytes each. */
  readonly leasePublicKeys: readonly Uint8Array[];
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
}

const PURPOSES = ["trust", "license", "install"] as const;

/**
 * The keys that a site signs with: its own, made at its first start and sealed since.
 * @throws Error if they are sealed under another key-encryption key, or are of another deployment
 */
export async function openSiteKeys(opening: OpenSiteKeys): Promise<SiteKeyRing> {
  const known = await opening.keys.list();
  for (const purpose of PURPOSES)
    if (!known.some((key) => key.purpose === purpose)) await makeKey(opening, purpose);
  // Those that stand: another process may have been first.
  const sealed = await opening.keys.list();
  const key = (purpose: SealedSiteKey["purpose"]) => openKey(opening, sealed, purpose);
  const root = await key("trust");
  const [licenseKey, installKey] = [await key("license"), await key("install")];
  const lease = opening.leasePublicKeys.map((publicKey): TrustedKey => ({
    kid: thumbprint(publicKey),
    purpose: "lease",
    publicKey,
  }));
  const trustBundle = await publishTrust(opening, root, [root, licenseKey, installKey, ...lease]);
  const { deployment } = opening;
  return { deployment, rootPublicKey: root.publicKey, licenseKey, installKey, trustBundle };
}

async function makeKey(
  { keys, keyEncryptionKeys: [newest], random }: OpenSiteKeys,
  purpose: SealedSiteKey["purpose"],
): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair();
  const kid = thumbprint(publicKey);
  const sealedPrivateKey = seal(newest, { purpose, kid }, privateKey, random);
  await keys.insert({ purpose, kid, publicKey, sealedPrivateKey });
}

async function openKey(
  { keys, keyEncryptionKeys, random }: OpenSiteKeys,
  known: readonly SealedSiteKey[],
  purpose: SealedSiteKey["purpose"],
): Promise<SigningKey> {
  const sealed = known.find((key) => key.purpose === purpose);
  if (!sealed) throw new Error(`the site's ${purpose} key was taken out of the database`);
  const [newest, ...earlier] = keyEncryptionKeys;
  const open = (key: Uint8Array) => unseal(key, sealed, sealed.sealedPrivateKey);
  const current = open(newest);
  if (current) return signingKey(purpose, current);
  const privateKey = earlier.map(open).find((opened) => opened !== undefined);
  if (!privateKey)
    throw new Error("the key-encryption key is not the one that the site's keys were sealed under");
  await keys.seal({ ...sealed, sealedPrivateKey: seal(newest, sealed, privateKey, random) });
  return signingKey(purpose, privateKey);
}

/** Stays with the bundle that is kept if it says just that, else signs the next one. */
async function publishTrust(
  { trust, deployment, clock }: OpenSiteKeys,
  root: SigningKey,
  trusted: readonly TrustedKey[],
): Promise<string> {
  const keys = trusted.map(({ kid, purpose, publicKey }) => ({ kid, purpose, publicKey }));
  const kept = await trust.find();
  if (kept) {
    const verified = await verifyTrustBundle(kept.token, root.publicKey);
    if (verified.kind === "refused" || verified.claims.deployment !== deployment)
      throw new Error("this is the database of another deployment");
    const kids = ({ keys: all }: { readonly keys: readonly TrustedKey[] }) =>
      all
        .map(({ kid }) => kid)
        .toSorted()
        .join();
    if (kids(verified.claims) === kids({ keys })) return kept.token;
  }
  const version = (kept?.version ?? 0) + 1;
  return signTrustBundle(root, { deployment, version, keys, issuedAt: clock.now() });
}
