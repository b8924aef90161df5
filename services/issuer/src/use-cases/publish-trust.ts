import { signTrustBundle, thumbprint, verifyTrustBundle } from "@leasehold/license-format";
import type { TrustBundle, TrustedKey } from "@leasehold/license-format";
import { ForeignSecret } from "../domain/foreign-secret.ts";
import { believed } from "../domain/signing-key.ts";
import type { LockedKeyRing, StoredBundle } from "./key-ring.ts";
import { trusted } from "./signing-keys.ts";
import type { KeyAuthority } from "./signing-ports.ts";

/** The keys of which is known, not only read in the database, that they are this deployment's. */
interface KnownKeys {
  /** Keys whose private half was made or unsealed just now. */
  readonly signing: readonly TrustedKey[];
  /** What seat-brokers sign with; absent to stay with those of the latest bundle. */
  readonly lease?: readonly TrustedKey[];
}

/** A trust bundle with what it says. */
export interface PublishedTrust extends StoredBundle {
  readonly keys: readonly TrustedKey[];
}

/**
 * Vouches for the keys that are believed: stays with the latest bundle if it says just that, else
 * signs one of the next version. A key is vouched for because it is known, or because
 * the root did before: never because it stands in the database.
 * @throws Error that tells which secret does not belong to this database
 */
export async function publishTrust(
  authority: KeyAuthority,
  ring: LockedKeyRing,
  known: KnownKeys,
): Promise<PublishedTrust> {
  const { clock, deployment, root } = authority;
  const successions = authority.successions.map(({ token }) => token);
  const latest = await latestTrust(authority, ring);
  const genuine = [...known.signing, ...(latest?.keys ?? [])];
  const own = believed(await ring.listKeys()).flatMap(
    ({ kid, purpose }) => genuine.find((key) => key.kid === kid && key.purpose === purpose) ?? [],
  );
  const lease = known.lease ?? latest?.keys.filter(({ purpose }) => purpose === "lease") ?? [];
  const keys = [root, ...own, ...lease].map(trusted);
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new ForeignSecret("leasePublicKeys", "a lease key is in use for something else");
  }
  if (latest && vouchesFor(latest, { keys, successions })) return latest;
  const version = (latest?.version ?? 0) + 1;
  const issuedAt = clock.now();
  const roots = successions.length > 0 && { successions };
  const token = await signTrustBundle(root, { deployment, version, keys, issuedAt, ...roots });
  await ring.insertBundle({ version, token }, issuedAt);
  return { version, token, keys };
}

/**
 * The latest trust bundle, if there is one.
 * @throws Error if neither the root nor one before it signed such a one for this deployment
 */
export async function latestTrust(
  { root, successions, deployment }: Pick<KeyAuthority, "root" | "successions" | "deployment">,
  ring: LockedKeyRing,
): Promise<PublishedTrust | undefined> {
  const stored = await ring.findLatestBundle();
  if (!stored) return undefined;
  const former = successions.map(({ predecessor }) => predecessor);
  const verified = await signedBySome(stored.token, [root.publicKey, ...former]);
  if (verified === undefined) {
    throw new ForeignSecret(
      "trustRootKey",
      "the root key is not the one that this database's trust bundle is signed with",
    );
  }
  if (verified.deployment !== deployment) {
    throw new ForeignSecret("deployment", "this is the database of another deployment");
  }
  return { ...verified, token: stored.token };
}

/** A bundle by one of these roots; not by one that they lead to, whose turn it is then. */
async function signedBySome(
  token: string,
  roots: readonly Uint8Array[],
): Promise<TrustBundle | undefined> {
  for (const root of roots) {
    const verified = await verifyTrustBundle(token, root);
    if (verified.kind === "refused") continue;
    if (verified.claims.keys.some(({ kid }) => kid === thumbprint(root))) return verified.claims;
  }
  return undefined;
}

/** Whether a bundle says just this; its keys name the root that signed it. */
function vouchesFor(
  bundle: Pick<TrustBundle, "keys" | "successions">,
  now: Required<Pick<TrustBundle, "keys" | "successions">>,
): boolean {
  const known = new Set(bundle.keys.map(({ kid, purpose }) => `${purpose} ${kid}`));
  return (
    known.size === now.keys.length &&
    now.keys.every(({ kid, purpose }) => known.has(`${purpose} ${kid}`)) &&
    (bundle.successions ?? []).join() === now.successions.join()
  );
}
