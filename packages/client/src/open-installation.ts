import { type Clock, systemClock } from "@leasehold/kernel";
import {
  parseLicenseFile,
  publicKeyOf,
  thumbprint,
  verifyTrustBundle,
} from "@leasehold/license-format";
import { borrowDirectory } from "./borrow-directory.ts";
import { isGivenBack } from "./given-back.ts";
import type { Installation } from "./installation.ts";
import { keptRevocations } from "./kept-revocations.ts";
import { readInstallationDirectory } from "./installation-directory.ts";
import { isRevokedHere } from "./take-revocations.ts";
import { verifyBorrowRecord } from "./verify-borrow-record.ts";
import {
  type InstallationEvidence,
  type InstallationFault,
  verifyInstallation,
} from "./verify-installation.ts";

/** How to open an installation. */
export interface OpenOptions {
  /** `products/{product}` that the license must be of; any if absent. */
  readonly product?: string;
  /** The deployment's root public key, 32 bytes; the one pinned at unlocking if absent. */
  readonly trustRoot?: Uint8Array;
  readonly clock?: Clock;
}

/** What a directory turned out to hold: an installation, none yet, or one that does not verify. */
export type OpenedInstallation =
  | { readonly kind: "unlocked"; readonly installation: Installation }
  | { readonly kind: "locked" }
  | { readonly kind: "refused"; readonly fault: InstallationFault };

/**
 * Reads and verifies the installation that a directory holds. Needs no connection. Past its
 * refresh date it opens for as long as it has a borrowed seat.
 * @throws Error if the pinned trust root is spoilt
 */
export async function openInstallation(
  directory: string,
  options: OpenOptions = {},
): Promise<OpenedInstallation> {
  const stored = await readInstallationDirectory(directory);
  const { privateKey, licenseFile } = stored;
  if (await isGivenBack(directory)) return { kind: "refused", fault: "given-back" };
  if (privateKey === undefined || licenseFile === undefined) return { kind: "locked" };
  const trustRoot = options.trustRoot ?? stored.trustRoot;
  if (trustRoot === undefined) return { kind: "refused", fault: "no-trust-root" };
  const { product, clock = systemClock } = options;
  const revocations = await keptRevocations(directory);
  const evidence = { licenseFile, directory, privateKey, trustRoot, product, revocations };
  const now = clock.now();
  let verified = await verifyInstallation({ ...evidence, now });
  if (verified.kind === "refused" && verified.fault === "expired") {
    const since = await borrowedSince({ ...evidence, now });
    if (since !== undefined) verified = await verifyInstallation({ ...evidence, now: since });
  }
  if (verified.kind === "refused") return verified;
  if (await isRevokedHere(directory, licenseFile, trustRoot))
    return { kind: "refused", fault: "revoked" };
  return { kind: "unlocked", installation: verified.installation };
}

/** When (milliseconds since 1970) a seat was borrowed that this installation still holds. */
async function borrowedSince(
  evidence: InstallationEvidence & { readonly trustRoot: Uint8Array },
): Promise<number | undefined> {
  const { licenseFile, directory, privateKey, trustRoot, product, now } = evidence;
  const file = parseLicenseFile(licenseFile);
  if (file.kind === "refused") return undefined;
  const trust = await verifyTrustBundle(file.trust, trustRoot);
  if (trust.kind === "refused") return undefined;
  const owner = {
    trust: trust.claims,
    publicKeyThumbprint: thumbprint(publicKeyOf(privateKey)),
    ...(product === undefined ? {} : { product }),
  };
  const borrows = borrowDirectory(directory);
  const clocks = { clock: { now: () => now }, elapsed: () => 0 };
  for (const record of await borrows.list()) {
    const read = await verifyBorrowRecord(record, owner, borrows, clocks);
    if (read.kind === "running") return read.claims.issuedAt;
  }
  return undefined;
}
