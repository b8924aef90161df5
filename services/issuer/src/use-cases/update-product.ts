import {
  catalogueRevisionConflict,
  featureInUse,
  productNotFound,
} from "../domain/catalogue-problems.ts";
import { changeProduct, featuresTaken, isSamePolicy } from "../domain/product.ts";
import type { Product, ProductFacts } from "../domain/product.ts";
import { productName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The change to make. */
export interface UpdateProduct {
  readonly id: string;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
  readonly facts: Partial<ProductFacts>;
}

/**
 * Changes a product; a new revision comes of it.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, or `FEATURE_IN_USE` if a feature that a license
 *   or an edition names would be left out, or become another kind
 */
export function updateProduct(
  ports: IssuerPorts,
  mutation: Mutation,
  { id, expectedRevision, facts }: UpdateProduct,
): Promise<Product> {
  return carryOut(ports, mutation, async (writes) => {
    const current = await writes.lockProduct(id);
    if (!current) throw productNotFound();
    if (expectedRevision !== undefined && expectedRevision !== current.revision) {
      throw catalogueRevisionConflict("product", current.revision);
    }
    const product = changeProduct(current, facts, ports.clock.now());
    const [inUse] = await writes.featuresInUse(id, featuresTaken(current, product));
    if (inUse !== undefined) throw featureInUse(inUse);
    await writes.updateProduct(product);
    // Whoever follows the licenses learns it by them.
    if (!isSamePolicy(product.versionPolicy, current.versionPolicy))
      await writes.republishLicenses(id);
    return { result: product, resource: productName(id) };
  });
}
