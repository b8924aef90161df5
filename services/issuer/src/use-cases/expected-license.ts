import { changeLicense } from "../domain/license.ts";
import type { License, LicenseAction, LicenseChange, LicenseRef } from "../domain/license.ts";
import {
  licenseNotFound,
  licenseStateConflict,
  revisionConflict,
} from "../domain/license-problems.ts";
import type { LicenseWrites } from "./license-ports.ts";

/** A license as its caller believes it to be. */
export interface ExpectedLicense {
  readonly license: LicenseRef;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
}

/**
 * The license that is to be changed, not to be changed by others meanwhile.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`
 */
export async function lockExpected(
  writes: Pick<LicenseWrites, "lockLicense">,
  { license, expectedRevision }: ExpectedLicense,
): Promise<License> {
  const current = await writes.lockLicense(license);
  if (!current) throw licenseNotFound();
  if (expectedRevision !== undefined && expectedRevision !== current.revision) {
    throw revisionConflict(current.revision);
  }
  return current;
}

/** The next revision of a license. @throws Problem `LICENSE_STATE_CONFLICT` */
export function changed(
  current: License,
  change: LicenseChange,
  now: number,
): { readonly license: License; readonly action: LicenseAction } {
  const outcome = changeLicense(current, change, now);
  if (outcome.kind === "state-conflict") throw licenseStateConflict(outcome.state);
  return outcome;
}
