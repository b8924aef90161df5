import { statement } from "@leasehold/store-kit";
import type { ProductRow } from "./product-rows.ts";
import { sql } from "./sql.ts";

export const insertProduct = statement<
  { readonly id: string },
  readonly [
    id: string,
    displayName: string,
    salesContact: string,
    createTime: Date,
    featureCodes: readonly string[],
    featureDisplayNames: readonly string[],
  ]
>(sql("insert_product"));

export const findProduct = statement<ProductRow, readonly [id: string]>(sql("find_product"));
