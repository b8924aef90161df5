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
  featureCode,
  installationName,
  keyThumbprint,
  licenseName,
  productName,
  seconds,
  time,
  tokenId,
} from "./claim-readers.ts";
import { integer, list, MALFORMED, map, object, type Reader, text } from "./reader.ts";
import type { SigningKey } from "./signing-key.ts";
import type { TrustBundle } from "./trust-bundle.ts";
import { refused, type Verified } from "./verified.ts";

/** What a borrowed seat's file claims: that its holder may rely on the seat until the end. */
export interface BorrowClaims extends CertificateClaims {
  /** `installations/{installation}` that borrowed it. */
  readonly installation: string;
  /** The thumbprint of the key that the installation proves itself with. */
  readonly publicKeyThumbprint: string;
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  /** The lease id, 32 bytes in base64url. */
  readonly lease: string;
  /** Unsigned, 64 bits. */
  readonly fencingToken: bigint;
  /** How many seats it takes, 1 to 100. */
  readonly seats: number;
  /** Codes of the features that it uses, at most 20. */
  readonly features: readonly string[];
  /** Who holds it, as it told the seat-broker: at most 200 code points each, and any of them empty. */
  readonly holder: { readonly user: string; readonly host: string; readonly process: string };
  /** When the seat is the holder's no more, in milliseconds since 1970. */
  readonly endTime: number;
}

/** What a verifier knows beforehand of a borrowed seat. */
export interface BorrowExpectation extends CertificateExpectation {
  /** The key of the installation that must have borrowed it; any if absent. */
  readonly publicKeyThumbprint?: string;
}

const LEASE_ID_BYTES = 32;
const MAX_SEATS = 100;
const MAX_FEATURES = 20;
const MAX_TOLD = 200;
const MAX_FENCING_TOKEN = 2n ** 64n - 1n;

/** In text, for a JSON number does not carry 64 bits. */
const fencingToken: Reader<bigint> = map(
  text((digits) => /^(0|[1-9]\d{0,19})$/.test(digits)),
  (digits) => (BigInt(digits) > MAX_FENCING_TOKEN ? MALFORMED : BigInt(digits)),
);

const features: Reader<readonly string[]> = map(list(featureCode, MAX_FEATURES), (codes) =>
  new Set(codes).size === codes.length ? codes : MALFORMED,
);

/** Whatever a client told of itself; the seat-broker asks no more of it. */
const told: Reader<string> = text(
  (value) => value.isWellFormed() && Array.from(value).length <= MAX_TOLD,
);

/** Reads the payload of a `borrow+jwt`. */
const readBorrowClaims: Reader<BorrowClaims> = map(
  object({
    iss: deployment,
    aud: productName,
    sub: installationName,
    jti: tokenId,
    iat: time,
    exp: time,
    license: licenseName,
    cnf: object({ jkt: keyThumbprint }),
    lease: bytesText(LEASE_ID_BYTES, LEASE_ID_BYTES),
    fence: fencingToken,
    seats: integer(1, MAX_SEATS),
    features,
    holder: object({ user: told, host: told, process: told }),
  }),
  ({ iss, aud, sub, jti, iat, exp, license, cnf, lease, fence, seats, ...rest }) =>
    iat >= exp
      ? MALFORMED
      : {
          deployment: iss,
          product: aud,
          installation: sub,
          publicKeyThumbprint: cnf.jkt,
          license,
          lease,
          fencingToken: fence,
          seats,
          features: rest.features,
          holder: rest.holder,
          issuedAt: iat,
          endTime: exp,
          id: jti,
        },
);

const BORROW: CertificateKind<BorrowClaims> = {
  type: "borrow+jwt",
  purpose: "lease",
  read: readBorrowClaims,
  until: (claims) => claims.endTime,
  write: (claims) => ({
    iss: claims.deployment,
    aud: claims.product,
    sub: claims.installation,
    jti: claims.id,
    iat: seconds(claims.issuedAt),
    exp: seconds(claims.endTime),
    license: claims.license,
    cnf: { jkt: claims.publicKeyThumbprint },
    lease: claims.lease,
    fence: String(claims.fencingToken),
    seats: claims.seats,
    features: claims.features,
    holder: claims.holder,
  }),
};

/**
 * Signs a borrowed seat, as a `borrow+jwt`. Times are cut to whole seconds.
 * @throws RangeError if the key is not for leases, or the claims are not of their shape
 */
export function signBorrow(key: SigningKey, claims: BorrowClaims): Promise<string> {
  return signCertificate(BORROW, key, claims);
}

/**
 * Verifies a borrowed seat. Whoever presents it to somebody else must prove to have the
 * installation's key, by a proof.
 */
export async function verifyBorrow(
  token: string,
  trust: TrustBundle,
  expected: BorrowExpectation,
): Promise<Verified<BorrowClaims>> {
  const verified = await verifyCertificate(BORROW, token, trust, expected);
  if (verified.kind === "refused" || expected.publicKeyThumbprint === undefined) return verified;
  return verified.claims.publicKeyThumbprint === expected.publicKeyThumbprint
    ? verified
    : refused("mismatched");
}
