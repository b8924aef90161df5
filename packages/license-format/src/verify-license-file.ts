import type { CertificateExpectation } from "./certificate.ts";
import { type InstallationClaims, verifyInstallation } from "./installation-certificate.ts";
import { type LicenseClaims, verifyLicense } from "./license-certificate.ts";
import type { LicenseFileTokens } from "./license-file.ts";
import { type TrustBundle, verifyTrustBundle } from "./trust-bundle.ts";
import { refused, type Verified } from "./verified.ts";

/** What a license file proves. */
export interface LicenseFileClaims {
  readonly license: LicenseClaims;
  readonly installation: InstallationClaims;
  readonly trust: TrustBundle;
}

/** What a verifier knows beforehand of a license file. */
export interface LicenseFileExpectation extends CertificateExpectation {
  /** The newest version of the trust bundle seen before. */
  readonly minTrustVersion?: number;
}

/**
 * Verifies all that a license file holds, down from the pinned root key, and that its two
 * certificates belong together.
 * @param rootPublicKey 32 bytes
 */
export async function verifyLicenseFile(
  tokens: LicenseFileTokens,
  rootPublicKey: Uint8Array,
  expected: LicenseFileExpectation,
): Promise<Verified<LicenseFileClaims>> {
  const trust = await verifyTrustBundle(tokens.trust, rootPublicKey, expected.minTrustVersion);
  if (trust.kind === "refused") return trust;
  const license = await verifyLicense(tokens.license, trust.claims, expected);
  if (license.kind === "refused") return license;
  const installation = await verifyInstallation(tokens.install, trust.claims, expected);
  if (installation.kind === "refused") return installation;
  if (
    installation.claims.license !== license.claims.license ||
    installation.claims.product !== license.claims.product
  ) {
    return refused("mismatched");
  }
  return {
    kind: "verified",
    claims: { license: license.claims, installation: installation.claims, trust: trust.claims },
  };
}
