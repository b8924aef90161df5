import { statement } from "@leasehold/store-kit";
import type { SigningKeyRow } from "./signing-rows.ts";
import { sql } from "./sql.ts";

export const lockKeyRing = statement<object>(sql("lock_key_ring"));

export const listSigningKeys = statement<SigningKeyRow>(sql("list_signing_keys"));

export const insertSigningKey = statement<
  never,
  readonly [
    kid: string,
    purpose: string,
    generation: number,
    publicKey: Uint8Array,
    sealed: Uint8Array,
    at: Date,
  ]
>(sql("insert_signing_key"));

export const endSigningKey = statement<never, readonly [kid: string, state: string, at: Date]>(
  sql("end_signing_key"),
);

export const sealSigningKey = statement<never, readonly [kid: string, sealed: Uint8Array]>(
  sql("seal_signing_key"),
);

export const findLatestTrustBundle = statement<{
  readonly version: bigint;
  readonly token: string;
}>(sql("find_latest_trust_bundle"));

export const insertTrustBundle = statement<
  object,
  readonly [version: number, token: string, at: Date]
>(sql("insert_trust_bundle"));

export const findForeignPepper = statement<
  { readonly pepper_version: string },
  readonly [versions: readonly string[]]
>(sql("find_foreign_pepper"));
