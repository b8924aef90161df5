import { newUuid } from "@leasehold/kernel";
import { signInstallation, signLicense, thumbprint } from "@leasehold/license-format";
import type { InstallationClaims, LicenseClaims } from "@leasehold/license-format";
import { usability } from "../domain/license.ts";
import type { License, LicenseRef } from "../domain/license.ts";
import type { InstallationPolicy } from "../domain/installation-policy.ts";
import { licenseNotFound, licenseUnusable } from "../domain/license-problems.ts";
import { licenseName, productName } from "../domain/resource-names.ts";
import type { KeyRing } from "./key-ring.ts";
import type { IssuerPorts } from "./ports.ts";

/** The installation to certify. */
export interface IssueCertificates {
  readonly license: LicenseRef;
  /** `installations/{installation}` */
  readonly installation: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Absent if the client told nothing of its machine. */
  readonly fingerprint?: {
    readonly salt: Uint8Array;
    readonly components: ReadonlyMap<string, Uint8Array>;
  };
  /** The id of the request file that they answer; absent if it is none. */
  readonly answers?: string;
}

/** The certificates of one installation. */
export interface Certificates {
  readonly licenseCertificate: string;
  readonly installationCertificate: string;
  readonly trustBundle: string;
  /** When they want to be issued anew, in milliseconds since 1970. */
  readonly refreshTime: number;
}

/** Certificates are good for so long, and never beyond the license's end. */
export const CERTIFICATE_LIFE_MS = 30 * 24 * 3_600_000;

/**
 * Signs what an installation holds of its license.
 * @throws Problem `NOT_FOUND`, or why the license may not be used now
 */
export async function issueCertificates(
  { store, clock, random, report, keyRing }: IssuerPorts & { readonly keyRing: KeyRing },
  command: IssueCertificates,
): Promise<Certificates> {
  const license = await store.findLicense(command.license);
  if (!license) throw licenseNotFound();
  const now = clock.now();
  const use = usability(license, now);
  if (use !== "usable") throw licenseUnusable(license, use);

  const refreshTime = Math.min(license.terms.endTime, now + CERTIFICATE_LIFE_MS);
  // Certificates tell whole seconds: in its last one a license is over for them.
  if (wholeSeconds(refreshTime) <= wholeSeconds(now)) throw licenseUnusable(license, "expired");
  const term = { deployment: keyRing.deployment, issuedAt: now, refreshBy: refreshTime };
  const ids = { license: newUuid(clock, random), installation: newUuid(clock, random) };
  const [licenseCertificate, installationCertificate] = await Promise.all([
    signLicense(keyRing.licenseKey, { ...term, ...licenseClaims(license), id: ids.license }),
    signInstallation(keyRing.installKey, {
      ...term,
      ...installationClaims(license, command),
      id: ids.installation,
    }),
  ]);
  const { installation } = command;
  const { revision } = license;
  report({ kind: "certificates-issued", license: licenseName(license), revision, installation });
  return {
    licenseCertificate,
    installationCertificate,
    trustBundle: keyRing.trustBundle,
    refreshTime,
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

type WithoutTerm<Claims> = Omit<Claims, "deployment" | "issuedAt" | "refreshBy" | "id">;

function licenseClaims(license: License): WithoutTerm<LicenseClaims> {
  const { model, seats, features, startTime, endTime, seatPolicy } = license.terms;
  const { trial, maintenanceEndTime, versions, installationPolicy } = license.terms;
  return {
    product: productName(license.productId),
    license: licenseName(license),
    revision: Number(license.revision),
    licensee: license.licensee,
    terms: {
      model,
      seats,
      features: features.map(({ limit, ...grant }) =>
        limit === undefined ? grant : { ...grant, limit: Number(limit) },
      ),
      startTime,
      endTime,
      // Of the policy no more: its groups are long, and none of an installation's business.
      ...(seatPolicy.offlineDays === 0 ? {} : { offlineDays: seatPolicy.offlineDays }),
      ...(trial && { trial }),
      ...(maintenanceEndTime !== undefined && { maintenanceEndTime }),
      ...(versions && { versions }),
      ...virtualMachinesClaim(installationPolicy),
    },
  };
}

function virtualMachinesClaim({
  virtualMachinesPolicy,
  virtualMachines,
}: InstallationPolicy): Pick<LicenseClaims["terms"], "virtualMachines"> {
  if (virtualMachinesPolicy === "ALLOW") return {};
  return { virtualMachines: virtualMachinesPolicy === "DENY" ? "DENY" : virtualMachines };
}

function installationClaims(
  license: License,
  command: IssueCertificates,
): WithoutTerm<InstallationClaims> {
  const { installation, publicKey, fingerprint, answers } = command;
  const claims = {
    product: productName(license.productId),
    installation,
    license: licenseName(license),
    publicKeyThumbprint: thumbprint(publicKey),
    ...(answers !== undefined && { answers }),
  };
  if (!fingerprint) return claims;
  const components = new Map<string, string>();
  for (const [name, digest] of fingerprint.components) components.set(name, base64url(digest));
  const salt = base64url(fingerprint.salt);
  return { ...claims, fingerprint: { salt, components: Object.fromEntries(components) } };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
