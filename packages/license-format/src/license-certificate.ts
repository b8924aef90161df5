import {
  type CertificateClaims,
  type CertificateExpectation,
  type CertificateKind,
  signCertificate,
  verifyCertificate,
} from "./certificate.ts";
import {
  deployment,
  featureCode,
  licenseName,
  personalName,
  productName,
  seconds,
  time,
  tokenId,
} from "./claim-readers.ts";
import {
  either,
  integer,
  list,
  literal,
  MALFORMED,
  map,
  object,
  oneOf,
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
  /** How many seats may use it at a time; absent if every seat may. */
  readonly seats?: number;
}

/** How the seats of a license are counted. */
export type LicenseModelClaim = "FLOATING" | "NAMED_MACHINE" | "NAMED_USER" | "RESOURCE";

/** Versions of a product, both ends included; an end that is absent is open. */
export interface VersionsClaim {
  readonly oldest?: string;
  readonly newest?: string;
}

/** Whether a license may be unlocked on virtual machines, or on how many. */
export type VirtualMachinesClaim = "ALLOW" | "DENY" | number;

/** What a license grants. */
export interface LicenseTermsClaims {
  readonly model: LicenseModelClaim;
  readonly seats: number;
  readonly features: readonly FeatureClaim[];
  /** Milliseconds since 1970, inclusive. */
  readonly startTime: number;
  /** Milliseconds since 1970, exclusive. */
  readonly endTime: number;
  /** For how many days a seat may be borrowed; absent if not at all. */
  readonly offlineDays?: number;
  /** Whether it was given to be tried; absent if it was bought. */
  readonly trial?: true;
  /** Until when new versions are included, in milliseconds since 1970; until the end if absent. */
  readonly maintenanceEndTime?: number;
  /** Which versions of the product it is for; every one if absent. */
  readonly versions?: VersionsClaim;
  /** Absent where it is as on any other machine. */
  readonly virtualMachines?: Exclude<VirtualMachinesClaim, "ALLOW">;
}

/** What a license certificate claims. */
export interface LicenseClaims extends CertificateClaims {
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  readonly revision: number;
  readonly licensee: { readonly name: string; readonly organization: string };
  readonly terms: LicenseTermsClaims;
  /** When a newer one must have taken its place, in milliseconds since 1970; apart from the end of the terms. */
  readonly refreshBy: number;
}

const MAX_SEATS = 1_000_000;
const MAX_FEATURES = 200;
const MAX_OFFLINE_DAYS = 365;

const feature: Reader<FeatureClaim> = map(
  object({
    feature: featureCode,
    limit: optional(integer(0)),
    seats: optional(integer(0, MAX_SEATS)),
  }),
  ({ feature: code, limit, seats }) => ({
    feature: code,
    ...(limit === undefined ? {} : { limit }),
    ...(seats === undefined ? {} : { seats }),
  }),
);

const features: Reader<readonly FeatureClaim[]> = map(list(feature, MAX_FEATURES), (grants) =>
  new Set(grants.map((grant) => grant.feature)).size === grants.length ? grants : MALFORMED,
);

const version = pattern(/^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){0,2}$/);

const versions: Reader<VersionsClaim> = map(
  object({ oldest: optional(version), newest: optional(version) }),
  (ends) => present(ends),
);

const terms: Reader<LicenseTermsClaims> = map(
  object({
    model: oneOf("FLOATING", "NAMED_MACHINE", "NAMED_USER", "RESOURCE"),
    seats: integer(1, MAX_SEATS),
    features,
    startTime: time,
    endTime: time,
    offlineDays: optional(integer(0, MAX_OFFLINE_DAYS)),
    trial: optional(literal(true)),
    maintenanceEndTime: optional(time),
    versions: optional(versions),
    virtualMachines: optional(either(literal("DENY"), integer(1, MAX_SEATS))),
  }),
  (read) => (read.startTime < read.endTime ? present(read) : MALFORMED),
);

/** The members that are there. */
function present<Members extends object>(members: Members): Present<Members> {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Present<Members>;
}

type Present<Members> = {
  readonly [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name];
} & {
  readonly [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >;
};

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
  until: (claims) => claims.refreshBy,
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
      ...(claims.terms.maintenanceEndTime !== undefined && {
        maintenanceEndTime: seconds(claims.terms.maintenanceEndTime),
      }),
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
