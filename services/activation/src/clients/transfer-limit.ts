import { LicenseTerms } from "@leasehold/contracts";

/** How often installations of a license may be moved. @param passedTerms its further terms, as they are kept */
export function transferLimitOf(passedTerms: Uint8Array): number {
  return LicenseTerms.decode(passedTerms).installationPolicy?.transfers ?? 0;
}
