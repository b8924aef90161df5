import {
  type CertificateClaims,
  type CertificateExpectation,
  type CertificateKind,
  signCertificate,
  verifyCertificate,
} from "./certificate.ts";
import {
  bytesText,
  deployment,
  installationName,
  keyThumbprint,
  licenseName,
  productName,
  seconds,
  time,
  tokenId,
} from "./claim-readers.ts";
import { MALFORMED, map, object, optional, pattern, type Reader, record } from "./reader.ts";
import type { SigningKey } from "./signing-key.ts";
import type { TrustBundle } from "./trust-bundle.ts";
import type { Verified } from "./verified.ts";

/** Digests of a machine's components, by component; salt and digests in base64url. */
export interface FingerprintClaim {
  readonly salt: string;
  readonly components: Readonly<Record<string, string>>;
}

/** What an installation certificate claims. */
export interface InstallationClaims extends CertificateClaims {
  /** `installations/{installation}`. */
  readonly installation: string;
  /** The license that it was unlocked with: `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** The thumbprint of the key that the installation proves itself with. */
  readonly publicKeyThumbprint: string;
  /** When a newer one must have taken its place, in milliseconds since 1970. */
  readonly refreshBy: number;
  readonly fingerprint?: FingerprintClaim;
  /** The id of the request file that it answers; absent where it was asked for over a connection. */
  readonly answers?: string;
}

const MAX_COMPONENTS = 32;

/** Reads the digests of a machine's components. */
export const fingerprintClaim: Reader<FingerprintClaim> = object({
  salt: bytesText(1, 64),
  components: record(
    pattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    bytesText(1, 64),
    MAX_COMPONENTS,
  ),
});

/** Reads the payload of an `install+jwt`. */
export const readInstallationClaims: Reader<InstallationClaims> = map(
  object({
    iss: deployment,
    aud: productName,
    sub: installationName,
    jti: tokenId,
    iat: time,
    exp: time,
    license: licenseName,
    cnf: object({ jkt: keyThumbprint }),
    fingerprint: optional(fingerprintClaim),
    answers: optional(tokenId),
  }),
  ({ iss, aud, sub, jti, iat, exp, license, cnf, fingerprint: machine, answers }) =>
    iat >= exp
      ? MALFORMED
      : {
          deployment: iss,
          product: aud,
          installation: sub,
          license,
          publicKeyThumbprint: cnf.jkt,
          ...(machine === undefined ? {} : { fingerprint: machine }),
          ...(answers === undefined ? {} : { answers }),
          issuedAt: iat,
          refreshBy: exp,
          id: jti,
        },
);

const INSTALLATION: CertificateKind<InstallationClaims> = {
  type: "install+jwt",
  purpose: "install",
  read: readInstallationClaims,
  until: (claims) => claims.refreshBy,
  write: (claims) => ({
    iss: claims.deployment,
    aud: claims.product,
    sub: claims.installation,
    jti: claims.id,
    iat: seconds(claims.issuedAt),
    exp: seconds(claims.refreshBy),
    license: claims.license,
    cnf: { jkt: claims.publicKeyThumbprint },
    fingerprint: claims.fingerprint,
    answers: claims.answers,
  }),
};

/**
 * Signs an installation certificate, as an `install+jwt`. Times are cut to whole seconds.
 * @throws RangeError if the key is not for installations, or the claims are not of their shape
 */
export function signInstallation(key: SigningKey, claims: InstallationClaims): Promise<string> {
  return signCertificate(INSTALLATION, key, claims);
}

/** Verifies an installation certificate. Who presents it must prove to have its key, by a proof. */
export function verifyInstallation(
  token: string,
  trust: TrustBundle,
  expected: CertificateExpectation,
): Promise<Verified<InstallationClaims>> {
  return verifyCertificate(INSTALLATION, token, trust, expected);
}
