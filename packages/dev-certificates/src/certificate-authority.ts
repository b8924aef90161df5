// The library resolves its parts by reflection, which has to be there before it.
// oxfmt-ignore
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate with its private key, both PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** DNS names and IP addresses that a server answers at. */
  readonly hosts?: readonly string[];
  /** URIs, for example `spiffe://leasehold.local/ns/dev/sa/issuer`. */
  readonly uris?: readonly string[];
  /** From and until when, milliseconds since 1970; a week from a minute ago unless told. */
  readonly notBefore?: number;
  readonly notAfter?: number;
}

/** An authority whose private key is in this process only. */
export interface CertificateAuthority {
  /** Its own certificate, PEM: what its certificates are verified with. */
  readonly authorities: string;
  /** Issues a certificate for servers and clients alike. */
  issue(options: CertificateOptions): Promise<Certificate>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Makes a new authority. */
export async function createCertificateAuthority(
  name = "Leasehold development",
): Promise<CertificateAuthority> {
  const keys = await newKeys();
  const now = Date.now();
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: `CN=${name}`,
    notBefore: new Date(now - 365 * DAY_MS), // so that it may issue what is over already
    notAfter: new Date(now + 365 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    authorities: own.toString("pem"),
    issue: async (options) => {
      const { publicKey, privateKey } = await newKeys();
      const issued = await X509CertificateGenerator.create({
        serialNumber: newSerialNumber(),
        issuer: own.subject,
        notBefore: new Date(options.notBefore ?? now - MINUTE_MS),
        notAfter: new Date(options.notAfter ?? Date.now() + 7 * DAY_MS),
        signingAlgorithm: ALGORITHM,
        signingKey: keys.privateKey,
        publicKey,
        extensions: leafExtensions(options),
      });
      const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", privateKey);
      return {
        certificate: issued.toString("pem"),
        key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
      };
    },
  };
}

function leafExtensions({ hosts = [], uris = [] }: CertificateOptions) {
  const names: JsonGeneralName[] = [
    ...hosts.map((value) => ({ type: isIP(value) !== 0 ? "ip" : "dns", value }) as const),
    ...uris.map((value) => ({ type: "url", value }) as const),
  ];
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(names, true), // there is no other name
  ];
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** Positive, and with more than 64 random bits. */
function newSerialNumber(): string {
  return `01${randomBytes(15).toString("hex")}`;
}
