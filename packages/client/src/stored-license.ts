import {
  licenseFileIssuedAt,
  type LicenseFileClaims,
  parseLicenseFile,
  verifyLicenseFile,
} from "@leasehold/license-format";
import type { InstallationFault } from "./verify-installation.ts";

/** What a license file that is kept proved when it was issued, or why it never proved anything. */
export type StoredLicense =
  | { readonly kind: "verified"; readonly claims: LicenseFileClaims; readonly issuedAt: number }
  | { readonly kind: "refused"; readonly fault: InstallationFault };

/** Verifies a license file as of its issue: whether it is past its refresh date does not matter. */
export async function verifyStoredLicense(
  licenseFile: string,
  trustRoot: Uint8Array,
): Promise<StoredLicense> {
  const file = parseLicenseFile(licenseFile);
  if (file.kind === "refused") return file;
  const issuedAt = licenseFileIssuedAt(file);
  if (issuedAt === undefined) return { kind: "refused", fault: "malformed" };
  const verified = await verifyLicenseFile(file, trustRoot, { now: issuedAt });
  return verified.kind === "verified" ? { ...verified, issuedAt } : verified;
}
