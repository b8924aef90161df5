import { issuer } from "@leasehold/contracts";
import type { FieldDifference } from "../domain/license-difference.ts";
import type { LicenseRevision } from "../domain/license-revision.ts";
import { presentLicense } from "./present.ts";

/** A revision of a license as the contract has it. */
export function presentRevision({
  license,
  subject,
  why,
  action,
}: LicenseRevision): issuer.LicenseRevision {
  return { license: presentLicense(license), subject, why, action: issuer.LicenseAction[action] };
}

/** A difference as the contract has it. */
export function presentDifference({ path, from, to }: FieldDifference): issuer.FieldDifference {
  return { path, from: from ?? "", to: to ?? "" };
}
