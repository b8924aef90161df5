import type { Uuid } from "@leasehold/kernel";
import type { KeyGeneration } from "@leasehold/license-format";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { RetiredGeneration } from "../domain/key-generation.ts";
import type { License, LicenseRef } from "../domain/license.ts";
import type {
  KeyMac,
  Pepper,
  ProductKeyRef,
  ProductKeyState,
  StoredProductKey,
} from "../domain/product-key.ts";
import type { ProductKeyField } from "../domain/product-keys-list.ts";

/** A license that was found by its key. */
export interface FoundByKey {
  readonly license: License;
  readonly keyId: Uuid;
  readonly keyState: ProductKeyState;
  /** The version of the pepper that the key is stored under. */
  readonly pepperVersion: string;
}

/** A product key that was made, and is not stored yet. */
export interface MadeProductKey {
  readonly productKey: StoredProductKey;
  /** The key as it is printed. */
  readonly secret: string;
  readonly mac: KeyMac;
  /** The key, sealed; absent where keys are not kept. */
  readonly sealed?: Uint8Array;
}

/** What is read of product keys. */
export interface ProductKeyReads {
  /** The license of the key, revoked or not, that has one of these MACs, and this first symbol. */
  findLicenseByKey(macs: readonly KeyMac[], firstSymbol: string): Promise<FoundByKey | undefined>;
  /** Some of a license's keys. */
  listProductKeys(
    license: LicenseRef,
    query: ListQuery<ProductKeyField>,
  ): Promise<Page<StoredProductKey>>;
  /** The generations that were retired while the service ran. */
  listRetiredGenerations(): Promise<readonly RetiredGeneration[]>;
}

/** What is done to product keys beside the mutations, because it changes nothing that anybody sees. */
export interface ProductKeyUpkeep {
  /** Stores a key under another pepper, unless it is not stored any more as it was found, or in use. */
  moveProductKey(found: Pick<FoundByKey, "keyId" | "pepperVersion">, to: KeyMac): Promise<void>;
}

/** What a mutation may do to product keys. */
export interface ProductKeyWrites extends ProductKeyReads {
  /** Stores keys of one license that were made at one time: all of them or none. */
  insertProductKeys(keys: readonly MadeProductKey[]): Promise<void>;
  /** The key as it is, not to be changed by others until the transaction ends. */
  lockProductKey(ref: ProductKeyRef): Promise<StoredProductKey | undefined>;
  /** Lets all keys of a license go along to another one, which they unlock from then on. */
  moveProductKeys(from: Uuid, to: Uuid): Promise<void>;
  /** Revokes a locked key. */
  revokeProductKey(id: Uuid, replacedBy?: Uuid): Promise<void>;
  /** A key, sealed; `undefined` if it is not kept. */
  findSealedProductKey(id: Uuid): Promise<Uint8Array | undefined>;
  /** @param at milliseconds since 1970. @returns whether it was retired; not if it was before. */
  retireGeneration(retired: RetiredGeneration, at: number): Promise<boolean>;
}

/** What product keys are made, stored and read with. */
export interface KeyMaking {
  /** What new product keys are stored under. */
  readonly pepper: Pepper;
  /** What product keys may be stored under, `pepper` among them. */
  readonly peppers: readonly Pepper[];
  /** The generations that the code knows. */
  readonly keyGenerations: readonly KeyGeneration[];
  /**
   * What keys are sealed under that are kept to be told again: the one in use first, then earlier
   * ones; none where no key is kept.
   */
  readonly keepingKeys: readonly Uint8Array[];
}
