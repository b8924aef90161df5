import { type Clock, systemClock } from "@leasehold/kernel";
import type { Installation } from "./installation.ts";
import { readInstallationDirectory } from "./installation-directory.ts";
import { type InstallationFault, verifyInstallation } from "./verify-installation.ts";

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
 * Reads and verifies the installation that a directory holds. Needs no connection.
 * @throws Error if the pinned trust root is spoilt
 */
export async function openInstallation(
  directory: string,
  options: OpenOptions = {},
): Promise<OpenedInstallation> {
  const stored = await readInstallationDirectory(directory);
  const { privateKey, licenseFile } = stored;
  if (privateKey === undefined || licenseFile === undefined) return { kind: "locked" };
  const trustRoot = options.trustRoot ?? stored.trustRoot;
  if (trustRoot === undefined) return { kind: "refused", fault: "no-trust-root" };
  const { product, clock = systemClock } = options;
  const verified = await verifyInstallation({
    licenseFile,
    privateKey,
    trustRoot,
    product,
    now: clock.now(),
  });
  return verified.kind === "verified"
    ? { kind: "unlocked", installation: verified.installation }
    : verified;
}
