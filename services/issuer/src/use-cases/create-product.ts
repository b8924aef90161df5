import { productExists } from "../domain/catalogue-problems.ts";
import type { Product } from "../domain/product.ts";
import { productName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The product to create. */
export type CreateProduct = Omit<Product, "createTime">;

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
    const product: Product = { ...command, createTime: ports.clock.now() };
    if (!(await writes.insertProduct(product))) throw productExists();
    return { result: product, resource: productName(product.id) };
  });
}
