import { termsByEdition } from "../domain/edition.ts";
import type { EditionFacts } from "../domain/edition.ts";
import { termsRefused } from "../domain/license-problems.ts";
import { termFaults } from "../domain/license-terms.ts";
import { featureKinds } from "../domain/product.ts";
import type { Product } from "../domain/product.ts";

/**
 * Holds an edition to the rules of licenses: those of one that begins in 1970.
 * @throws Problem `INVALID_REQUEST`
 */
export function checkEditionTerms(
  edition: Pick<EditionFacts, "terms" | "termDays" | "maintenanceDays">,
  product: Product,
): void {
  const faults = termFaults(termsByEdition(edition, 0), featureKinds(product));
  if (faults.length > 0) throw termsRefused("edition.terms", faults);
}
