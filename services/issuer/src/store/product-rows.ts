import type { Feature, Product, VersionPolicy } from "../domain/product.ts";

/** A row of the view `product_with_features`. */
export interface ProductRow {
  readonly id: string;
  readonly display_name: string;
  readonly sales_contact: string;
  readonly help_contact: string;
  readonly version_policy: VersionPolicy;
  readonly revision: bigint;
  readonly create_time: Date;
  readonly update_time: Date;
  readonly features: readonly Feature[];
}

/** The product that a row holds. */
export function productFromRow(row: ProductRow): Product {
  return {
    id: row.id,
    revision: row.revision,
    displayName: row.display_name,
    features: row.features,
    salesContact: row.sales_contact,
    helpContact: row.help_contact,
    versionPolicy: row.version_policy,
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
  };
}
