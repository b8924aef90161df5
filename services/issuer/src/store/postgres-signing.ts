import { first, run, transaction } from "@leasehold/store-kit";
import type { Executor, Postgres } from "@leasehold/store-kit";
import type { KeyRingStore, LockedKeyRing } from "../use-cases/key-ring.ts";
import type { SigningReads, SigningWrites } from "../use-cases/signing-ports.ts";
import { signingKeyFromRow } from "./signing-rows.ts";
import * as statements from "./signing-statements.ts";

export function signingReads(executor: Executor): SigningReads {
  return {
    listSigningKeys: async () =>
      (await run(executor, statements.listSigningKeys, [])).map(signingKeyFromRow),
  };
}

export function signingWrites(tx: Executor): SigningWrites {
  return { lockKeyRing: () => lockKeyRing(tx) };
}

/** Signing keys and trust bundles in Postgres. */
export function postgresKeyRingStore(postgres: Postgres): KeyRingStore {
  return {
    whileLocked: (work) => transaction(postgres, async (tx) => work(await lockKeyRing(tx))),
    latestVersion: async () =>
      Number((await first(postgres, statements.findLatestTrustBundle, []))?.version ?? 0),
  };
}

async function lockKeyRing(tx: Executor): Promise<LockedKeyRing> {
  await run(tx, statements.lockKeyRing, []);
  return {
    listKeys: async () => (await run(tx, statements.listSigningKeys, [])).map(signingKeyFromRow),
    insertKey: async ({ kid, purpose, generation, publicKey, sealedPrivateKey, createTime }) => {
      const bytes = Buffer.from(publicKey, "base64url");
      const at = new Date(createTime);
      const values = [kid, purpose, generation, bytes, sealedPrivateKey, at] as const;
      await run(tx, statements.insertSigningKey, values);
    },
    endKey: async (kid, state, retireTime) => {
      await run(tx, statements.endSigningKey, [kid, state, new Date(retireTime)]);
    },
    sealKey: async (kid, sealed) => {
      await run(tx, statements.sealSigningKey, [kid, sealed]);
    },
    findLatestBundle: async () => {
      const row = await first(tx, statements.findLatestTrustBundle, []);
      return row && { version: Number(row.version), token: row.token };
    },
    insertBundle: async ({ version, token }, createTime) => {
      await run(tx, statements.insertTrustBundle, [version, token, new Date(createTime)]);
    },
    findForeignPepper: async (versions) =>
      (await first(tx, statements.findForeignPepper, [versions]))?.pepper_version,
  };
}
