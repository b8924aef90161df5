import type { Uuid } from "@leasehold/kernel";
import type { ProductKeyState, StoredProductKey } from "../domain/product-key.ts";

/** A row of the table `product_key`, without what stands for the key, with the license's customer. */
export interface ProductKeyRow {
  readonly id: Uuid;
  readonly license_id: Uuid;
  readonly customer_id: Uuid;
  readonly hint: string;
  readonly create_time: Date;
  readonly state: ProductKeyState;
  readonly replaced_by: Uuid | null;
}

/** The product key that a row holds. */
export function productKeyFromRow(row: ProductKeyRow): StoredProductKey {
  return {
    id: row.id,
    license: { customerId: row.customer_id, id: row.license_id },
    hint: row.hint,
    createTime: row.create_time.getTime(),
    state: row.state,
    ...(row.replaced_by === null ? {} : { replacedBy: row.replaced_by }),
  };
}
