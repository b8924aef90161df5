import { createHmac, hkdfSync } from "node:crypto";
import {
  isRevoked,
  type LicenseFileClaims,
  type LicenseFileFault,
  type LicenseTermsClaims,
  parseLicenseFile,
  publicKeyOf,
  signProof,
  thumbprint,
  type TokenFault,
  verifyLicenseFile,
  verifyRevocationList,
} from "@leasehold/license-format";
import type { Installation } from "./installation.ts";
import { trustRootIn } from "./trust-on-first-use.ts";

/**
 * Why a license file is not accepted: a fault of the file, of a token in it, or
 * - `foreign-key`: it belongs to another installation's key
 * - `no-trust-root`: no root key was given, and the file does not bring one
 * - `revoked`: a revocation list that was received names the license or the installation
 * - `given-back`: it was deactivated here, and is over whether its proof was carried yet or not
 */
export type InstallationFault =
  | LicenseFileFault
  | TokenFault
  | "foreign-key"
  | "no-trust-root"
  | "revoked"
  | "given-back";

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
  /** The newest revocation list that was received, a `revlist+jwt`; none if absent. */
  readonly revocations?: string | undefined;
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
  if (await isRevokedBy(evidence.revocations, verified.claims))
    return { kind: "refused", fault: "revoked" };
  const installation = installationOf(verified.claims, file.install, privateKey, directory);
  // Where the root was succeeded, the one that signs now is what to go on with.
  return { kind: "verified", installation, trustRoot: trustRootIn(file.trust) ?? trustRoot };
}

/** A list that does not verify by the keys of now says nothing. */
async function isRevokedBy(
  revocations: string | undefined,
  { installation, trust }: LicenseFileClaims,
): Promise<boolean> {
  if (revocations === undefined) return false;
  const list = await verifyRevocationList(revocations, trust);
  return list.kind === "verified" && isRevoked(list.claims, installation);
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
    issuedAt: Math.max(license.issuedAt, installation.issuedAt),
    refreshBy: Math.min(license.refreshBy, installation.refreshBy),
    certificate,
    publicKeyThumbprint: installation.publicKeyThumbprint,
    trust,
    directory,
    signProof: (request) =>
      signProof({ ...request, installation: installation.installation, privateKey }),
    mac: macBy(privateKey),
  };
}

/** By a key of its own: what it authenticates can never be taken for a signature. */
function macBy(privateKey: Uint8Array): (text: string) => string {
  const key = Buffer.from(
    hkdfSync("sha256", privateKey, "", "leasehold/installation-notes/v1", 32),
  );
  return (text) => createHmac("sha256", key).update(text).digest("hex");
}

function featuresOf({ features }: LicenseTermsClaims): ReadonlyMap<string, bigint | undefined> {
  return new Map(
    features.map(({ feature, limit }) => [
      feature,
      limit === undefined ? undefined : BigInt(limit),
    ]),
  );
}
