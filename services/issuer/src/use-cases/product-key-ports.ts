import type { License } from "../domain/license.ts";
import type { KeyMac, StoredProductKey } from "../domain/product-key.ts";

/** What is read of product keys. */
export interface ProductKeyReads {
  /** The license of the key that has one of these MACs. */
  findLicenseByKey(macs: readonly KeyMac[]): Promise<License | undefined>;
}

/** What a mutation may do to product keys. */
export interface ProductKeyWrites {
  insertProductKey(key: StoredProductKey, mac: KeyMac): Promise<void>;
}
