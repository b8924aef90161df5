import { first, run, statement, transaction } from "@leasehold/store-kit";
import type { Executor, Postgres } from "@leasehold/store-kit";
import type { CertificatePurpose, KeyRingStore, LockedKeyRing } from "../use-cases/key-ring.ts";

const sql = (name: string): URL => new URL(`../../sql/${name}.sql`, import.meta.url);

const lockKeyRing = statement<object>(sql("lock_key_ring"));
const listSigningKeys = statement<{
  readonly kid: string;
  readonly purpose: CertificatePurpose;
  readonly public_key: Buffer;
  readonly sealed_private_key: Buffer;
}>(sql("list_signing_keys"));
const insertSigningKey = statement<
  never,
  readonly [kid: string, purpose: string, publicKey: Uint8Array, sealed: Uint8Array, at: Date]
>(sql("insert_signing_key"));
const findLatestTrustBundle = statement<{ readonly version: bigint; readonly token: string }>(
  sql("find_latest_trust_bundle"),
);
const insertTrustBundle = statement<never, readonly [version: number, token: string, at: Date]>(
  sql("insert_trust_bundle"),
);
const findForeignPepper = statement<
  { readonly pepper_version: string },
  readonly [versions: readonly string[]]
>(sql("find_foreign_pepper"));

/** Signing keys and trust bundles in Postgres. */
export function postgresKeyRingStore(postgres: Postgres): KeyRingStore {
  return {
    whileLocked: (work) =>
      transaction(postgres, async (tx) => {
        await run(tx, lockKeyRing, []);
        return work(lockedKeyRing(tx));
      }),
  };
}

function lockedKeyRing(tx: Executor): LockedKeyRing {
  return {
    listKeys: async () => {
      const rows = await run(tx, listSigningKeys, []);
      return rows.map(({ kid, purpose, public_key: publicKey, sealed_private_key }) => ({
        kid,
        purpose,
        publicKey,
        sealedPrivateKey: sealed_private_key,
      }));
    },
    insertKey: async ({ kid, purpose, publicKey, sealedPrivateKey }, createTime) => {
      const at = new Date(createTime);
      await run(tx, insertSigningKey, [kid, purpose, publicKey, sealedPrivateKey, at]);
    },
    findLatestBundle: async () => {
      const row = await first(tx, findLatestTrustBundle, []);
      return row && { version: Number(row.version), token: row.token };
    },
    insertBundle: async ({ version, token }, createTime) => {
      await run(tx, insertTrustBundle, [version, token, new Date(createTime)]);
    },
    findForeignPepper: async (versions) =>
      (await first(tx, findForeignPepper, [versions]))?.pepper_version,
  };
}
