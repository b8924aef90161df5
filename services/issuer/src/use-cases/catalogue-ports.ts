import type { ListQuery, Page } from "@leasehold/list-query";
import type { ProductField } from "../domain/catalogue-lists.ts";
import type { Product } from "../domain/product.ts";

/** What is read of products. */
export interface CatalogueReads {
  findProduct(id: string): Promise<Product | undefined>;
  listProducts(query: ListQuery<ProductField>): Promise<Page<Product>>;
}

/** What a mutation may do to products. */
export interface CatalogueWrites extends CatalogueReads {
  /**
   * The product as it is, not to be changed by others until the transaction ends. Others may hold
   * it too. Whoever makes anything name its features holds it first.
   */
  holdProduct(id: string): Promise<Product | undefined>;
  /** The product as it is, not to be changed or held by others until the transaction ends. */
  lockProduct(id: string): Promise<Product | undefined>;
  /** Which of the codes a license or an edition names, in their order. */
  featuresInUse(productId: string, codes: readonly string[]): Promise<readonly string[]>;
  /** @returns whether it was inserted; not if its id is taken. */
  insertProduct(product: Product): Promise<boolean>;
  /** Writes the next revision of a locked product, of which no feature in use is taken. */
  updateProduct(product: Product): Promise<void>;
  /** Puts every license of a locked product at the end of the feed: the last write on licenses. */
  republishLicenses(productId: string): Promise<void>;
}
