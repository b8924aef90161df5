import { readInstallationClaims } from "./installation-certificate.ts";
import { readLicenseClaims } from "./license-certificate.ts";
import type { LicenseFileTokens } from "./license-file.ts";
import { MALFORMED, type Reader, readJson } from "./reader.ts";
import { parseToken } from "./token-grammar.ts";

/**
 * When the later of a license file's certificates was issued (milliseconds since 1970), as they
 * say without any proof; `undefined` if they are none. Verified as of then, a file that is past
 * its refresh date proves what it did before.
 */
export function licenseFileIssuedAt({
  license,
  install,
}: Pick<LicenseFileTokens, "license" | "install">): number | undefined {
  const times = [issuedAt(license, readLicenseClaims), issuedAt(install, readInstallationClaims)];
  const known = times.filter((time) => time !== undefined);
  return known.length === times.length ? Math.max(...known) : undefined;
}

function issuedAt(
  token: string,
  reader: Reader<{ readonly issuedAt: number }>,
): number | undefined {
  const parts = parseToken(token);
  const claims = parts === undefined ? MALFORMED : readJson(parts.payload, reader);
  return claims === MALFORMED ? undefined : claims.issuedAt;
}
