import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { ProductKeyState } from "../domain/product-key.ts";
import type { ProductKeyField } from "../domain/product-keys-list.ts";
import type { LicenseRow } from "./license-rows.ts";
import type { ProductKeyRow } from "./product-key-rows.ts";
import { sql } from "./sql.ts";

export const insertProductKeys = statement<
  never,
  readonly [
    license: Uuid,
    pepperVersion: string,
    createTime: Date,
    ids: readonly Uuid[],
    macs: readonly Uint8Array[],
    hints: readonly string[],
    sealed: readonly (Uint8Array | null)[],
  ]
>(sql("insert_product_keys"));

export const findLicenseByKey = statement<
  LicenseRow & {
    readonly key_id: Uuid;
    readonly key_state: ProductKeyState;
    readonly pepper_version: string;
  },
  readonly [pepperVersions: readonly string[], macs: readonly Uint8Array[], firstSymbol: string]
>(sql("find_license_by_key"));

export const moveProductKey = statement<
  never,
  readonly [id: Uuid, foundUnder: string, pepperVersion: string, mac: Uint8Array]
>(sql("move_product_key"));

export const lockProductKey = statement<
  ProductKeyRow,
  readonly [id: Uuid, license: Uuid, customer: Uuid]
>(sql("lock_product_key"));

export const listProductKeys = listStatement<
  ProductKeyRow,
  readonly [license: Uuid],
  ProductKeyField
>(sql("list_product_keys"), {
  columns: { hint: "hint", state: "state", create_time: "create_time" },
  key: "id",
});

export const revokeProductKey = statement<never, readonly [id: Uuid, replacedBy: Uuid | null]>(
  sql("revoke_product_key"),
);

export const findSealedProductKey = statement<
  { readonly sealed_key: Buffer | null },
  readonly [id: Uuid]
>(sql("find_sealed_product_key"));

export const listRetiredGenerations = statement<{
  readonly generation: string;
  readonly advice: string;
}>(sql("list_retired_key_generations"));

export const retireGeneration = statement<
  { readonly generation: string },
  readonly [generation: string, advice: string, at: Date]
>(sql("retire_key_generation"));

export const moveProductKeys = statement<never, readonly [from: Uuid, to: Uuid]>(
  sql("move_product_keys"),
);
