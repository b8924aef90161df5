import { signTrustBundle, verifyTrustBundle } from "@leasehold/license-format";
import type { TrustBundle, TrustedKey } from "@leasehold/license-format";
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
  const latest = await latestTrust(authority, ring);
  const genuine = [...known.signing, ...(latest?.keys ?? [])];
  const own = believed(await ring.listKeys()).flatMap(
    ({ kid, purpose }) => genuine.find((key) => key.kid === kid && key.purpose === purpose) ?? [],
  );
  const lease = known.lease ?? latest?.keys.filter(({ purpose }) => purpose === "lease") ?? [];
  const keys = [root, ...own, ...lease].map(trusted);
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new Error("a lease key is in use for something else");
  }
  if (latest && vouchesFor(latest, keys)) return latest;
  const version = (latest?.version ?? 0) + 1;
  const issuedAt = clock.now();
  const token = await signTrustBundle(root, { deployment, version, keys, issuedAt });
  await ring.insertBundle({ version, token }, issuedAt);
  return { version, token, keys };
}

/**
 * The latest trust bundle, if there is one.
 * @throws Error if the root signed none like it for this deployment
 */
export async function latestTrust(
  { root, deployment }: Pick<KeyAuthority, "root" | "deployment">,
  ring: LockedKeyRing,
): Promise<PublishedTrust | undefined> {
  const stored = await ring.findLatestBundle();
  if (!stored) return undefined;
  const verified = await verifyTrustBundle(stored.token, root.publicKey);
  if (verified.kind === "refused") {
    throw new Error("the root key is not the one that this database's trust bundle is signed with");
  }
  if (verified.claims.deployment !== deployment) {
    throw new Error("this is the database of another deployment");
  }
  return { ...verified.claims, token: stored.token };
}

function vouchesFor(bundle: Pick<TrustBundle, "keys">, keys: readonly TrustedKey[]): boolean {
  const known = new Set(bundle.keys.map(({ kid, purpose }) => `${purpose} ${kid}`));
  return (
    known.size === keys.length && keys.every(({ kid, purpose }) => known.has(`${purpose} ${kid}`))
  );
}
