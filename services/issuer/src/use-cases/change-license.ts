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
import type { IssuerPorts, IssuerWrites, Mutation } from "./ports.ts";

/** The change to make. */
export interface ChangeLicense {
  readonly license: LicenseRef;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
  readonly change: LicenseChange;
}

interface Changed {
  readonly license: License;
  readonly action: LicenseAction;
}

/**
 * Amends, suspends, resumes or revokes a license; a new revision comes of it.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, `LICENSE_STATE_CONFLICT`, or
 *   `INVALID_REQUEST` for terms that would contradict each other
 */
export async function changeExistingLicense(
  { store, clock, report }: IssuerPorts,
  mutation: Mutation,
  command: ChangeLicense,
): Promise<License> {
  const { subject } = mutation;
  const { kind, result } = await store.once(mutation, async (writes) => {
    const changed = decide(await writes.lockLicense(command.license), command, clock.now());
    const { change } = command;
    if (change.kind === "amend") await checkTerms(writes, changed.license, change.terms);
    await writes.updateLicense(changed.license, { subject, action: changed.action });
    return changed;
  });
  const { license, action } = result;
  if (kind === "done") {
    const { revision } = license;
    report({ kind: "license-changed", subject, action, license: licenseName(license), revision });
  }
  return license;
}

function decide(current: License | undefined, command: ChangeLicense, now: number): Changed {
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
