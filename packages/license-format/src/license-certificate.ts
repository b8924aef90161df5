import {
  type CertificateClaims,
  type CertificateExpectation,
  type CertificateKind,
  signCertificate,
  verifyCertificate,
} from "./certificate.ts";
import {
  deployment,
  licenseName,
  personalName,
  productName,
  seconds,
  time,
  tokenId,
} from "./claim-readers.ts";
import {
  integer,
  list,
  literal,
  MALFORMED,
  map,
  object,
  optional,
  pattern,
  type Reader,
} from "./reader.ts";
import type { SigningKey } from "./signing-key.ts";
import type { TrustBundle } from "./trust-bundle.ts";
import type { Verified } from "./verified.ts";

/** A feature that a license unlocks; `limit` where it counts something. */
export interface FeatureClaim {
  readonly feature: string;
  readonly limit?: number;
}

/** What a license grants. */
export interface LicenseTermsClaims {
  readonly model: "FLOATING";
  readonly seats: number;
  readonly features: readonly FeatureClaim[];
  /** Milliseconds since 1970, inclusive. */
  readonly startTime: number;
  /** Milliseconds since 1970, exclusive. */
  readonly endTime: number;
}

/** What a license certificate claims. `refreshBy` is apart from the end of the terms. */
export interface LicenseClaims extends CertificateClaims {
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  readonly revision: number;
  readonly licensee: { readonly name: string; readonly organization: string };
  readonly terms: LicenseTermsClaims;
}

const MAX_SEATS = 1_000_000;
const MAX_FEATURES = 200;

const feature: Reader<FeatureClaim> = map(
  object({ feature: pattern(/^[a-z][a-z0-9_-]{0,63}$/), limit: optional(integer(0)) }),
  ({ feature: code, limit }) =>
    limit === undefined ? { feature: code } : { feature: code, limit },
);

const features: Reader<readonly FeatureClaim[]> = map(list(feature, MAX_FEATURES), (grants) =>
  new Set(grants.map((grant) => grant.feature)).size === grants.length ? grants : MALFORMED,
);

const terms: Reader<LicenseTermsClaims> = map(
  object({
    model: literal("FLOATING"),
    seats: integer(1, MAX_SEATS),
    features,
    startTime: time,
    endTime: time,
  }),
  (read) => (read.startTime < read.endTime ? read : MALFORMED),
);

/** Reads the payload of a `license+jwt`. */
export const readLicenseClaims: Reader<LicenseClaims> = map(
  object({
    iss: deployment,
    aud: productName,
    sub: licenseName,
    jti: tokenId,
    iat: time,
    exp: time,
    revision: integer(1),
    licensee: object({ name: personalName, organization: personalName }),
    terms,
  }),
  ({ iss, aud, sub, jti, iat, exp, revision, licensee, terms: granted }) =>
    iat >= exp
      ? MALFORMED
      : {
          deployment: iss,
          product: aud,
          license: sub,
          revision,
          licensee,
          terms: granted,
          issuedAt: iat,
          refreshBy: exp,
          id: jti,
        },
);

const LICENSE: CertificateKind<LicenseClaims> = {
  type: "license+jwt",
  purpose: "license",
  read: readLicenseClaims,
  write: (claims) => ({
    iss: claims.deployment,
    aud: claims.product,
    sub: claims.license,
    jti: claims.id,
    iat: seconds(claims.issuedAt),
    exp: seconds(claims.refreshBy),
    revision: claims.revision,
    licensee: claims.licensee,
    terms: {
      ...claims.terms,
      startTime: seconds(claims.terms.startTime),
      endTime: seconds(claims.terms.endTime),
    },
  }),
};

/**
 * Signs a license certificate, as a `license+jwt`. Times are cut to whole seconds.
 * @throws RangeError if the key is not for licenses, or the claims are not of their shape
 */
export function signLicense(key: SigningKey, claims: LicenseClaims): Promise<string> {
  return signCertificate(LICENSE, key, claims);
}

/** Verifies a license certificate. Whether the license has begun or ended is not its affair. */
export function verifyLicense(
  token: string,
  trust: TrustBundle,
  expected: CertificateExpectation,
): Promise<Verified<LicenseClaims>> {
  return verifyCertificate(LICENSE, token, trust, expected);
}
