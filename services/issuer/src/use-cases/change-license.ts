import type { License, LicenseChange } from "../domain/license.ts";
import { termsRefused } from "../domain/license-problems.ts";
import { termFaults } from "../domain/license-terms.ts";
import type { AmendedTerms } from "../domain/license-terms.ts";
import { featureKinds } from "../domain/product.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { changed, type ExpectedLicense, lockExpected } from "./expected-license.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/** The change to make. */
export interface ChangeLicense extends ExpectedLicense {
  readonly change: Exclude<LicenseChange, { readonly kind: "renew" }>;
}

/**
 * Amends, suspends, resumes or revokes a license; a new revision comes of it.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, `LICENSE_STATE_CONFLICT`; for an amendment also
 *   `CUSTOMER_CLOSED`, or `INVALID_REQUEST` for terms that would contradict each other
 */
export function changeExistingLicense(
  ports: IssuerPorts,
  mutation: Mutation,
  command: ChangeLicense,
): Promise<License> {
  return carryOut(ports, mutation, async (writes) => {
    const current = await lockExpected(writes, command);
    const { change } = command;
    const { license, action } = changed(current, change, ports.clock.now());
    if (change.kind === "amend") {
      await holdOpenCustomer(writes, license.customerId);
      await checkTerms(writes, license, change.terms);
    }
    await writes.updateLicense(license, originOf(mutation, action));
    return { result: license, resource: licenseName(license) };
  });
}

async function checkTerms(
  writes: IssuerWrites,
  { productId, terms }: License,
  amended: AmendedTerms,
): Promise<void> {
  const product = await writes.holdProduct(productId);
  const faults = termFaults(terms, featureKinds(product ?? { features: [] }), amended);
  if (faults.length > 0) throw termsRefused("terms", faults);
}
