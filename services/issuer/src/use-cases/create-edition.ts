import { editionExists, productNotFound } from "../domain/catalogue-problems.ts";
import type { Edition, EditionFacts, EditionRef } from "../domain/edition.ts";
import { editionName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { checkEditionTerms } from "./check-edition-terms.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The edition to create. */
export type CreateEdition = EditionRef & EditionFacts;

/**
 * Creates an edition of a product.
 * @throws Problem `NOT_FOUND` for the product, `ALREADY_EXISTS` if it has an edition of this id,
 *   `INVALID_REQUEST` for terms that contradict each other, or the product
 */
export function createEdition(
  ports: IssuerPorts,
  mutation: Mutation,
  command: CreateEdition,
): Promise<Edition> {
  return carryOut(ports, mutation, async (writes) => {
    const product = await writes.holdProduct(command.productId);
    if (!product) throw productNotFound();
    checkEditionTerms(command, product);
    const now = ports.clock.now();
    const edition: Edition = { ...command, revision: 1n, createTime: now, updateTime: now };
    const { subject, why } = mutation;
    const origin = { subject, why, action: "CREATE" } as const;
    if (!(await writes.insertEdition(edition, origin))) throw editionExists();
    return { result: edition, resource: editionName(edition) };
  });
}
