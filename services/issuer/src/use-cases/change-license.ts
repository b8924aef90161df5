import { changeLicense } from "../domain/license.ts";
import type { License, LicenseAction, LicenseChange, LicenseRef } from "../domain/license.ts";
import {
  licenseNotFound,
  licenseStateConflict,
  revisionConflict,
  termsRefused,
} from "../domain/license-problems.ts";
import { termFaults } from "../domain/license-terms.ts";
import type { AmendedTerms } from "../domain/license-terms.ts";
import { featureCodes } from "../domain/product.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/** The change to make. */
export interface ChangeLicense {
  readonly license: LicenseRef;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
  readonly change: LicenseChange;
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
    const current = await writes.lockLicense(command.license);
    const { license, action } = decide(current, command, ports.clock.now());
    const { change } = command;
    if (change.kind === "amend") {
      await holdOpenCustomer(writes, license.customerId);
      await checkTerms(writes, license, change.terms);
    }
    await writes.updateLicense(license, originOf(mutation, action));
    return { result: license, resource: licenseName(license) };
  });
}

function decide(
  current: License | undefined,
  command: ChangeLicense,
  now: number,
): { readonly license: License; readonly action: LicenseAction } {
  if (!current) throw licenseNotFound();
  const { expectedRevision } = command;
  if (expectedRevision !== undefined && expectedRevision !== current.revision) {
    throw revisionConflict(current.revision);
  }
  const outcome = changeLicense(current, command.change, now);
  if (outcome.kind === "state-conflict") throw licenseStateConflict(outcome.state);
  return { license: outcome.license, action: outcome.action };
}

async function checkTerms(
  writes: IssuerWrites,
  { productId, terms }: License,
  amended: AmendedTerms,
): Promise<void> {
  const product = await writes.findProduct(productId);
  const faults = termFaults(terms, product ? featureCodes(product) : new Set(), amended);
  if (faults.length > 0) throw termsRefused("terms", faults);
}
