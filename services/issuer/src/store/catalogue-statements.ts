import { listStatement, statement } from "@leasehold/store-kit";
import type { ProductField } from "../domain/catalogue-lists.ts";
import type { ProductRow } from "./product-rows.ts";
import { sql } from "./sql.ts";

interface IdRow {
  readonly id: string;
}

export const insertProduct = statement<
  IdRow,
  readonly [
    id: string,
    displayName: string,
    salesContact: string,
    helpContact: string,
    versionPolicy: string,
    createTime: Date,
  ]
>(sql("insert_product"));

export const updateProduct = statement<
  never,
  readonly [
    id: string,
    revision: bigint,
    displayName: string,
    salesContact: string,
    helpContact: string,
    versionPolicy: string,
    updateTime: Date,
  ]
>(sql("update_product"));

export const deleteProductFeatures = statement<
  never,
  readonly [product: string, staying: readonly string[]]
>(sql("delete_product_features"));

export const putProductFeatures = statement<
  never,
  readonly [
    product: string,
    codes: readonly string[],
    displayNames: readonly string[],
    kinds: readonly string[],
  ]
>(sql("put_product_features"));

export const findProduct = statement<ProductRow, readonly [id: string]>(sql("find_product"));
export const holdProduct = statement<IdRow, readonly [id: string]>(sql("hold_product"));
export const lockProduct = statement<IdRow, readonly [id: string]>(sql("lock_product"));

export const republishLicenses = statement<object, readonly [product: string]>(
  sql("republish_licenses"),
);

export const listProducts = listStatement<ProductRow, readonly [], ProductField>(
  sql("list_products"),
  { columns: { display_name: "display_name", create_time: "create_time" }, key: "id" },
);

export const findFeaturesInUse = statement<
  { readonly code: string },
  readonly [product: string, codes: readonly string[]]
>(sql("find_features_in_use"));
