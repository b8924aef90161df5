import { type Clock, systemClock } from "@leasehold/kernel";
import {
  formatLicenseFile,
  type LicenseFileClaims,
  type OfflineResponse,
  parseResponseFile,
  publicKeyOf,
  thumbprint,
  verifyResponseFile,
} from "@leasehold/license-format";
import { isGivenBack } from "./given-back.ts";
import type { Installation } from "./installation.ts";
import {
  readInstallationDirectory,
  storeLicenseFile,
  type StoredInstallation,
} from "./installation-directory.ts";
import { offlineDirectory } from "./offline-directory.ts";
import { type StoredLicense, verifyStoredLicense } from "./stored-license.ts";
import { type InstallationFault, verifyInstallation } from "./verify-installation.ts";

/**
 * Why a response file is not taken: a fault of the file or of a token in it, or
 * - `foreign-key`: it was made for another machine
 * - `other-request`: this machine waits for no such response
 * - `older`: this machine has a newer license already
 */
export type OfflineResponseFault = InstallationFault | "other-request" | "older";

/** The installation as it is from now on, or why the response file was not taken. */
export type TakenOfflineResponse =
  | { readonly kind: "taken"; readonly installation: Installation }
  | { readonly kind: "refused"; readonly fault: OfflineResponseFault };

/**
 * Takes a response file in. It is on disk whole or not at all before this resolves, and what
 * was there before stays if it is refused. Taken again, it changes nothing.
 * @param responseFile the `.lres` file, whole
 * @throws Error if the pinned trust root is spoilt
 */
export async function takeOfflineResponse(
  directory: string,
  responseFile: string,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<TakenOfflineResponse> {
  const parsed = parseResponseFile(responseFile);
  if (parsed.kind === "refused") return parsed;
  const stored = await readInstallationDirectory(directory);
  if (await isGivenBack(directory)) return refused("given-back");
  const { privateKey, trustRoot } = stored;
  if (privateKey === undefined || trustRoot === undefined) return refused("other-request");
  const present = await presentLicense(stored, trustRoot);
  const expected = { now: clock.now(), ...minTrustVersion(present) };
  const verified = await verifyResponseFile(parsed, trustRoot, expected);
  if (verified.kind === "refused") return verified;
  const { claims } = verified;
  if (claims.installation.publicKeyThumbprint !== thumbprint(publicKeyOf(privateKey)))
    return refused("foreign-key");
  const licenseFile = formatLicenseFile(parsed);
  if (licenseFile !== stored.licenseFile) {
    const fault = await unwanted(directory, parsed, claims, present);
    if (fault !== undefined) return refused(fault);
    await storeLicenseFile(directory, licenseFile, trustRoot);
  }
  await forgetAnswered(directory, parsed.request);
  return opened({ licenseFile, directory, privateKey, trustRoot, now: clock.now() });
}

async function presentLicense(
  { licenseFile }: StoredInstallation,
  trustRoot: Uint8Array,
): Promise<StoredLicense | undefined> {
  return licenseFile === undefined ? undefined : verifyStoredLicense(licenseFile, trustRoot);
}

function minTrustVersion(present: StoredLicense | undefined): {
  readonly minTrustVersion?: number;
} {
  return present?.kind === "verified" ? { minTrustVersion: present.claims.trust.version } : {};
}

/** Whether a response that is in order answers nothing that is asked, or nothing new. */
async function unwanted(
  directory: string,
  { request }: OfflineResponse,
  { installation }: LicenseFileClaims,
  present: StoredLicense | undefined,
): Promise<OfflineResponseFault | undefined> {
  const pending = await offlineDirectory(directory).list();
  if (!pending.some(({ id }) => id === request)) return "other-request";
  const newer = present?.kind === "verified" && present.issuedAt > installation.issuedAt;
  return newer ? "older" : undefined;
}

/** Those that were made before are of no use any more. A UUID of version 7 sorts by its time. */
async function forgetAnswered(directory: string, request: string): Promise<void> {
  const offline = offlineDirectory(directory);
  for (const { id } of await offline.list()) if (id <= request) await offline.forget(id);
}

async function opened(evidence: {
  readonly licenseFile: string;
  readonly directory: string;
  readonly privateKey: Uint8Array;
  readonly trustRoot: Uint8Array;
  readonly now: number;
}): Promise<TakenOfflineResponse> {
  const verified = await verifyInstallation({ ...evidence, product: undefined });
  return verified.kind === "verified"
    ? { kind: "taken", installation: verified.installation }
    : verified;
}

function refused(fault: OfflineResponseFault): TakenOfflineResponse {
  return { kind: "refused", fault };
}
