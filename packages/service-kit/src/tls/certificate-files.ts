import { createHash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";

/** Where a certificate is kept, with its chain and its key; all PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
  /** What the other side's certificate is verified with; absent where none is asked for. */
  readonly authorities?: string | undefined;
}

/** What was in the files. */
export interface ReadCertificate {
  /** For a server's context. */
  readonly options: SecureContextOptions;
  /** For connections to others. */
  readonly context: SecureContext;
  readonly leaf: X509Certificate;
}

/** The content of the files, and what it is told apart by. */
export interface ReadFiles {
  readonly digest: string;
  readonly certificate: string;
  readonly key: string;
  readonly authorities: string | undefined;
}

/** Only what services of this century speak. */
const VERSION = { minVersion: "TLSv1.3" } as const;

/** @throws Error if one cannot be read */
export async function readFiles(files: CertificateFiles): Promise<ReadFiles> {
  const [certificate, key, authorities] = await Promise.all([
    readFile(files.certificate, "utf8"),
    readFile(files.key, "utf8"),
    files.authorities === undefined ? undefined : readFile(files.authorities, "utf8"),
  ]);
  const digest = createHash("sha256").update(JSON.stringify([certificate, key, authorities]));
  return { digest: digest.digest("base64"), certificate, key, authorities };
}

/** @throws Error if the certificate cannot be used: not PEM, another key's, or no authority */
export function certificateOf({ certificate, key, authorities }: ReadFiles): ReadCertificate {
  const leaf = new X509Certificate(certificate);
  if (authorities !== undefined && !isCertificate(authorities))
    throw new Error("the authorities are no certificates"); // an empty bundle would trust nobody
  const options: SecureContextOptions = {
    ...VERSION,
    cert: certificate,
    key,
    ...(authorities !== undefined && { ca: authorities }),
  };
  return { options, context: createSecureContext(options), leaf };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
