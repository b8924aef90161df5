import { productExists } from "../domain/catalogue-problems.ts";
import type { Product, ProductFacts } from "../domain/product.ts";
import { productName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The product to create. */
export type CreateProduct = ProductFacts & Pick<Product, "id">;

/**
 * Creates a product with its features.
 * @throws Problem `ALREADY_EXISTS` if there is a product of this id
 */
export function createProduct(
  ports: IssuerPorts,
  mutation: Mutation,
  command: CreateProduct,
): Promise<Product> {
  return carryOut(ports, mutation, async (writes) => {
    const now = ports.clock.now();
    const product: Product = { ...command, revision: 1n, createTime: now, updateTime: now };
    if (!(await writes.insertProduct(product))) throw productExists();
    return { result: product, resource: productName(product.id) };
  });
}
