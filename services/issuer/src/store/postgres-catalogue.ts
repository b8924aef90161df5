import { first, listRows, one, run } from "@leasehold/store-kit";
import type { Executor, Statement } from "@leasehold/store-kit";
import type { Product } from "../domain/product.ts";
import type { CatalogueReads, CatalogueWrites } from "../use-cases/catalogue-ports.ts";
import * as statements from "./catalogue-statements.ts";
import { productFromRow } from "./product-rows.ts";

export function catalogueReads(executor: Executor): CatalogueReads {
  return {
    findProduct: async (id) => {
      const row = await first(executor, statements.findProduct, [id]);
      return row && productFromRow(row);
    },
    listProducts: async (query) => {
      const { items, next } = await listRows(executor, statements.listProducts, query, []);
      return { items: items.map(productFromRow), next };
    },
  };
}

export function catalogueWrites(tx: Executor): CatalogueWrites {
  return {
    ...catalogueReads(tx),
    holdProduct: (id) => readUnder(tx, statements.holdProduct, id),
    lockProduct: (id) => readUnder(tx, statements.lockProduct, id),
    featuresInUse: async (productId, codes) => {
      if (codes.length === 0) return [];
      const rows = await run(tx, statements.findFeaturesInUse, [productId, codes]);
      return rows.map(({ code }) => code);
    },
    insertProduct: (product) => insertProduct(tx, product),
    updateProduct: (product) => updateProduct(tx, product),
    republishLicenses: async (productId) => {
      await run(tx, statements.republishLicenses, [productId]);
    },
  };
}

/** A product, read by a statement that begins after the lock was got. */
async function readUnder(
  tx: Executor,
  lock: Statement<{ readonly id: string }, readonly [id: string]>,
  id: string,
): Promise<Product | undefined> {
  if (!(await first(tx, lock, [id]))) return undefined;
  return productFromRow(await one(tx, statements.findProduct, [id]));
}

async function insertProduct(tx: Executor, product: Product): Promise<boolean> {
  const inserted = await first(tx, statements.insertProduct, [
    product.id,
    product.displayName,
    product.salesContact,
    product.helpContact,
    JSON.stringify(product.versionPolicy),
    new Date(product.createTime),
  ]);
  if (!inserted) return false;
  await putFeatures(tx, product);
  return true;
}

async function updateProduct(tx: Executor, product: Product): Promise<void> {
  const { id, features } = product;
  await run(tx, statements.updateProduct, [
    id,
    product.revision,
    product.displayName,
    product.salesContact,
    product.helpContact,
    JSON.stringify(product.versionPolicy),
    new Date(product.updateTime),
  ]);
  await run(tx, statements.deleteProductFeatures, [id, features.map(({ code }) => code)]);
  await putFeatures(tx, product);
}

async function putFeatures(tx: Executor, { id, features }: Product): Promise<void> {
  const codes = features.map(({ code }) => code);
  const names = features.map(({ displayName }) => displayName);
  const kinds = features.map(({ kind }) => kind);
  await run(tx, statements.putProductFeatures, [id, codes, names, kinds]);
}
