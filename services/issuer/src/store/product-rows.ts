import type { Feature, Product } from "../domain/product.ts";

/** A row of the table `product`, with the features as JSON. */
export interface ProductRow {
  readonly id: string;
  readonly display_name: string;
  readonly sales_contact: string;
  readonly create_time: Date;
  readonly features: readonly Feature[];
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
