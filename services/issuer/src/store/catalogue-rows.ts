import type { Uuid } from "@leasehold/kernel";
import type { Customer } from "../domain/customer.ts";
import type { Feature, Product } from "../domain/product.ts";

/** A row of the table `customer`. */
export interface CustomerRow {
  readonly id: Uuid;
  readonly display_name: string;
  readonly reference_id: string;
  readonly create_time: Date;
}

/** A row of the table `product`, with the features as JSON. */
export interface ProductRow {
  readonly id: string;
  readonly display_name: string;
  readonly sales_contact: string;
  readonly create_time: Date;
  readonly features: readonly Feature[];
}

/** The customer that a row holds. */
export function customerFromRow(row: CustomerRow): Customer {
  return {
    id: row.id,
    displayName: row.display_name,
    referenceId: row.reference_id,
    createTime: row.create_time.getTime(),
  };
}

/** The product that a row holds. */
export function productFromRow(row: ProductRow): Product {
  return {
    id: row.id,
    displayName: row.display_name,
    features: row.features,
    salesContact: row.sales_contact,
    createTime: row.create_time.getTime(),
  };
}
