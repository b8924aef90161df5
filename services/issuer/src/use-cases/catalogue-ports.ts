import type { Product } from "../domain/product.ts";

/** What is read of the catalogue. */
export interface CatalogueReads {
  findProduct(id: string): Promise<Product | undefined>;
}

/** What a mutation may do to the catalogue. */
export interface CatalogueWrites extends CatalogueReads {
  /** @returns whether it was inserted; not if its id is taken. */
  insertProduct(product: Product): Promise<boolean>;
}
