import {
  type LicenseFileClaims,
  type LicenseFileFault,
  type LicenseTermsClaims,
  parseLicenseFile,
  publicKeyOf,
  signProof,
  thumbprint,
  type TokenFault,
  verifyLicenseFile,
} from "@leasehold/license-format";
import type { Installation } from "./installation.ts";
import { trustRootIn } from "./trust-on-first-use.ts";

/**
 * Why a license file is not accepted: a fault of the file, of a token in it, or
 * - `foreign-key`: it belongs to another installation's key
 * - `no-trust-root`: no root key was given, and the file does not bring one
 * - `revoked`: a revocation list that was taken in names it, or its license
 */
export type InstallationFault =
  | LicenseFileFault
  | TokenFault
  | "foreign-key"
  | "no-trust-root"
  | "revoked";

/** What is verified against what. */
export interface InstallationEvidence {
  readonly licenseFile: string;
  /** Where the installation is kept. */
  readonly directory: string;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** The root key to trust, 32 bytes; the one that the file brings if absent. */
  readonly trustRoot: Uint8Array | undefined;
  /** `products/{product}`; any if absent. */
  readonly product: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** An installation whose license file verifies, and the root key that it verifies with. */
export type VerifiedInstallation =
  | {
      readonly kind: "verified";
      readonly installation: Installation;
      readonly trustRoot: Uint8Array;
    }
  | { readonly kind: "refused"; readonly fault: InstallationFault };

/** Verifies a license file and the key that it was made out to. Needs no connection. */
export async function verifyInstallation(
  evidence: InstallationEvidence,
): Promise<VerifiedInstallation> {
  const { licenseFile, directory, privateKey, product, now } = evidence;
  const file = parseLicenseFile(licenseFile);
  if (file.kind === "refused") return file;
  const trustRoot = evidence.trustRoot ?? trustRootIn(file.trust);
  if (trustRoot === undefined) return { kind: "refused", fault: "no-trust-root" };
  const expected = product === undefined ? { now } : { now, product };
  const verified = await verifyLicenseFile(file, trustRoot, expected);
  if (verified.kind === "refused") return verified;
  if (verified.claims.installation.publicKeyThumbprint !== thumbprint(publicKeyOf(privateKey)))
    return { kind: "refused", fault: "foreign-key" };
  const installation = installationOf(verified.claims, file.install, privateKey, directory);
  return { kind: "verified", installation, trustRoot };
}

function installationOf(
  { license, installation, trust }: LicenseFileClaims,
  certificate: string,
  privateKey: Uint8Array,
  directory: string,
): Installation {
  return {
    name: installation.installation,
    deployment: installation.deployment,
    product: installation.product,
    licensee: license.licensee,
    license: {
      license: license.license,
      revision: BigInt(license.revision),
      state: "active",
      drained: false,
      seats: license.terms.seats,
      features: featuresOf(license.terms),
      startTime: license.terms.startTime,
      endTime: license.terms.endTime,
    },
    refreshBy: Math.min(license.refreshBy, installation.refreshBy),
    certificate,
    publicKeyThumbprint: installation.publicKeyThumbprint,
    trust,
    directory,
    signProof: (request) =>
      signProof({ ...request, installation: installation.installation, privateKey }),
  };
}

function featuresOf({ features }: LicenseTermsClaims): ReadonlyMap<string, bigint | undefined> {
  return new Map(
    features.map(({ feature, limit }) => [
      feature,
      limit === undefined ? undefined : BigInt(limit),
    ]),
  );
}
