import { LicenseTerms as LicenseTermsMessage } from "@leasehold/contracts";
import type { LicenseTerms } from "../domain/license-facts.ts";

/** How many resources may be bound to a license at a time, of its passed terms; `undefined`: any number. */
export function resourceLimitOf({
  passedTerms,
}: Pick<LicenseTerms, "passedTerms">): number | undefined {
  return LicenseTermsMessage.decode(passedTerms).resources || undefined;
}
