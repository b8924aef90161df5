import {
  catalogueRevisionConflict,
  editionNotFound,
  productNotFound,
} from "../domain/catalogue-problems.ts";
import { changeEdition } from "../domain/edition.ts";
import type { Edition, EditionFacts, EditionRef } from "../domain/edition.ts";
import { editionName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { checkEditionTerms } from "./check-edition-terms.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The change to make. */
export interface UpdateEdition {
  readonly edition: EditionRef;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
  readonly facts: Partial<EditionFacts>;
}

/**
 * Changes an edition; a new revision comes of it. Licenses that were issued by it stay as they are.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, or `INVALID_REQUEST` for terms that contradict
 *   each other, or the product
 */
export function updateEdition(
  ports: IssuerPorts,
  mutation: Mutation,
  { edition: ref, expectedRevision, facts }: UpdateEdition,
): Promise<Edition> {
  return carryOut(ports, mutation, async (writes) => {
    const product = await writes.holdProduct(ref.productId);
    if (!product) throw productNotFound();
    const current = await writes.lockEdition(ref);
    if (!current) throw editionNotFound();
    if (expectedRevision !== undefined && expectedRevision !== current.revision) {
      throw catalogueRevisionConflict("edition", current.revision);
    }
    const edition = changeEdition(current, facts, ports.clock.now());
    checkEditionTerms(edition, product);
    const { subject, why } = mutation;
    await writes.updateEdition(edition, { subject, why, action: "UPDATE" });
    return { result: edition, resource: editionName(edition) };
  });
}
