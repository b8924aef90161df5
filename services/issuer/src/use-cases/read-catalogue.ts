import type { ListQuery, Page } from "@leasehold/list-query";
import type { EditionField, ProductField } from "../domain/catalogue-lists.ts";
import { editionNotFound, productNotFound } from "../domain/catalogue-problems.ts";
import type { Edition, EditionRef } from "../domain/edition.ts";
import type { Product } from "../domain/product.ts";
import type { IssuerPorts } from "./ports.ts";

type Store = Pick<IssuerPorts, "store">;

/** A page of the products. */
export function listProducts(
  { store }: Store,
  query: ListQuery<ProductField>,
): Promise<Page<Product>> {
  return store.listProducts(query);
}

/** An edition. @throws Problem `NOT_FOUND` */
export async function getEdition({ store }: Store, ref: EditionRef): Promise<Edition> {
  const edition = await store.findEdition(ref);
  if (!edition) throw editionNotFound();
  return edition;
}

/** A page of the editions of a product. @throws Problem `NOT_FOUND` for the product */
export async function listEditions(
  { store }: Store,
  productId: string,
  query: ListQuery<EditionField>,
): Promise<Page<Edition>> {
  if (!(await store.findProduct(productId))) throw productNotFound();
  return store.listEditions(productId, query);
}
