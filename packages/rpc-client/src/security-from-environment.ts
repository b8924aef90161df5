import { readFileSync } from "node:fs";
import type { TransportSecurity } from "./transport-security.ts";

/** Names a PEM file with the authorities that servers are known by. */
const AUTHORITIES = "LEASEHOLD_TLS_AUTHORITIES_FILE";
/** `on`: no encryption, wherever the server is. */
const PLAINTEXT = "LEASEHOLD_PLAINTEXT";

/**
 * What the environment says about how servers are known.
 * @throws Error if it cannot be meant: a file that cannot be read or has no certificate, another
 *   word than `on` or `off`, or both settings
 */
export function securityFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): TransportSecurity {
  const plaintext = environment[PLAINTEXT] || "off";
  const file = environment[AUTHORITIES] || undefined;
  if (plaintext !== "on" && plaintext !== "off") throw new Error(`${PLAINTEXT} must be on or off`);
  if (file === undefined) return plaintext === "on" ? { plaintext: true } : {};
  if (plaintext === "on") throw new Error(`${PLAINTEXT} and ${AUTHORITIES} exclude each other`);
  return { authorities: readAuthorities(file) };
}

function readAuthorities(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${AUTHORITIES} names a file that cannot be read: ${file}`, { cause });
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error(`${AUTHORITIES} names a file without a certificate: ${file}`);
  return text;
}
