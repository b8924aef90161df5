import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import { parseInstallationName, parseSigningKeyName } from "../domain/resource-names.ts";
import { CERTIFICATE_PURPOSES } from "../domain/signing-key.ts";
import type { CertificatePurpose } from "../domain/signing-key.ts";
import { INSTALLATION_PATTERN, readName, SIGNING_KEY_PATTERN } from "./read-name.ts";

/** The purpose to make a new key for. */
export function readRotateSigningKey(
  check: Check,
  { purpose }: issuer.RotateSigningKeyRequest,
): CertificatePurpose {
  const known = CERTIFICATE_PURPOSES.find((name) => name === purpose);
  if (known === undefined) check.violation("purpose", "must be license, install or audit");
  return known as CertificatePurpose; // never seen if it is none: the request is then refused
}

/** The id of the key to revoke. */
export function readRevokeSigningKey(
  check: Check,
  { name }: issuer.RevokeSigningKeyRequest,
): string {
  return readName(check, "name", name, parseSigningKeyName, SIGNING_KEY_PATTERN);
}

/** The name of the installation whose certificates are revoked. */
export function readRevokeCertificate(
  check: Check,
  { installation }: issuer.RevokeCertificateRequest,
): string {
  return readName(check, "installation", installation, parseInstallationName, INSTALLATION_PATTERN);
}
