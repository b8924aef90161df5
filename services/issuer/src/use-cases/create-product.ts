import { productExists } from "../domain/catalogue-problems.ts";
import type { Product } from "../domain/product.ts";
import { productName } from "../domain/resource-names.ts";
import type { IssuerPorts, Mutation } from "./ports.ts";

/** The product to create. */
export type CreateProduct = Omit<Product, "createTime">;

/**
 * Creates a product with its features.
 * @throws Problem `ALREADY_EXISTS` if there is a product of this id
 */
export async function createProduct(
  { store, clock, report }: IssuerPorts,
  mutation: Mutation,
  command: CreateProduct,
): Promise<Product> {
  const { kind, result } = await store.once(mutation, async (writes) => {
    const product: Product = { ...command, createTime: clock.now() };
    if (!(await writes.insertProduct(product))) throw productExists();
    return product;
  });
  if (kind === "done") {
    report({ kind: "product-created", subject: mutation.subject, product: productName(result.id) });
  }
  return result;
}
