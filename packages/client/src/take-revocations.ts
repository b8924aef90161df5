import { join } from "node:path";
import {
  isRevoked,
  parseRevocationFile,
  type RevocationFileClaims,
  type TextBlockFault,
  type TokenFault,
  verifyRevocationFile,
} from "@leasehold/license-format";
import { readIfThere, replaceFile } from "./durable-file.ts";
import { readInstallationDirectory } from "./installation-directory.ts";
import { verifyStoredLicense } from "./stored-license.ts";

/** Why a revocation file is not taken; `no-trust-root`: this machine was never unlocked. */
export type RevocationFileFault = TextBlockFault | TokenFault | "no-trust-root";

/** What a revocation file says of this machine's installation, or why it was not taken. */
export type TakenRevocations =
  | {
      readonly kind: "taken";
      /** Of the list. */
      readonly version: number;
      /** Whether the installation, or its license, is on the list: it does not open any more. */
      readonly revoked: boolean;
    }
  | { readonly kind: "refused"; readonly fault: RevocationFileFault };

const REVOCATIONS = "revocations.lrev";

/**
 * Takes a revocation file in: from then on the installation does not open if it is on the list.
 * An older list than the one that is there does not take its place.
 * @param revocationFile the `.lrev` file, whole
 */
export async function takeRevocations(
  directory: string,
  revocationFile: string,
): Promise<TakenRevocations> {
  const parsed = parseRevocationFile(revocationFile);
  if (parsed.kind === "refused") return parsed;
  const { trustRoot, licenseFile } = await readInstallationDirectory(directory);
  if (trustRoot === undefined) return { kind: "refused", fault: "no-trust-root" };
  const known = await keptRevocations(directory, trustRoot);
  const verified = await verifyRevocationFile(parsed, trustRoot, {
    ...(known && {
      minVersion: known.revocations.version,
      minTrustVersion: known.trust.version,
    }),
  });
  if (verified.kind === "refused") return verified;
  await replaceFile(join(directory, REVOCATIONS), revocationFile, 0o600);
  const { version } = verified.claims.revocations;
  const revoked =
    licenseFile !== undefined && (await isRevokedHere(directory, licenseFile, trustRoot));
  return { kind: "taken", version, revoked };
}

/** Whether a list that was taken in revokes a license file. One that does not verify says nothing. */
export async function isRevokedHere(
  directory: string,
  licenseFile: string,
  trustRoot: Uint8Array,
): Promise<boolean> {
  const known = await keptRevocations(directory, trustRoot);
  if (known === undefined) return false;
  const stored = await verifyStoredLicense(licenseFile, trustRoot);
  if (stored.kind === "refused") return false;
  return isRevoked(known.revocations, stored.claims.installation);
}

async function keptRevocations(
  directory: string,
  trustRoot: Uint8Array,
): Promise<RevocationFileClaims | undefined> {
  const text = await readIfThere(join(directory, REVOCATIONS));
  const parsed = text === undefined ? undefined : parseRevocationFile(text);
  if (parsed?.kind !== "parsed") return undefined;
  const verified = await verifyRevocationFile(parsed, trustRoot);
  return verified.kind === "verified" ? verified.claims : undefined;
}
