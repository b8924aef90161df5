import { isUuid } from "@leasehold/kernel";
import { deployment, seconds, time } from "./claim-readers.ts";
import { integer, list, MALFORMED, map, object, type Reader, readJson, text } from "./reader.ts";
import type { SigningKey } from "./signing-key.ts";
import { signToken, verifyToken } from "./token.ts";
import { parseToken } from "./token-grammar.ts";
import { findTrustedKey, type TrustBundle } from "./trust-bundle.ts";
import { refused, type Verified } from "./verified.ts";

/** An installation of which earlier certificates are not believed. */
export interface RevokedInstallation {
  /** The id in `installations/{installation}`, a UUID. */
  readonly id: string;
  /** Certificates that were issued until then are revoked; milliseconds since 1970. */
  readonly revokedAt: number;
}

/** What is not believed although it is signed and in its time. */
export interface RevocationList {
  readonly deployment: string;
  /** Grows with every revocation; a verifier takes none older than the newest it has seen. */
  readonly version: number;
  /** Ids of licenses, UUIDs: they keep them when they become another customer's. */
  readonly licenses: readonly string[];
  readonly installations: readonly RevokedInstallation[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** The most licenses, and the most installations, that a list has. */
export const MAX_REVOKED = 5_000;

/** Room for a full list, in characters. */
export const MAX_REVOCATION_LIST_LENGTH = 1024 * 1024;

const uuid = text(isUuid);

/** Reads the payload of a `revlist+jwt`. */
const revocations: Reader<RevocationList> = map(
  object({
    iss: deployment,
    iat: time,
    version: integer(0),
    licenses: list(uuid, MAX_REVOKED),
    installations: list(
      map(object({ id: uuid, at: time }), ({ id, at }) => ({ id, revokedAt: at })),
      MAX_REVOKED,
    ),
  }),
  ({ iss, iat, version, licenses, installations }) => ({
    deployment: iss,
    version,
    licenses,
    installations,
    issuedAt: iat,
  }),
);

/**
 * Signs a revocation list, as a `revlist+jwt`. Times are cut to whole seconds, as those of
 * certificates are.
 * @throws RangeError if the key is not for licenses, or the list is not of its shape
 */
export async function signRevocationList(
  key: SigningKey,
  revoked: RevocationList,
): Promise<string> {
  if (key.purpose !== "license") throw new RangeError("only a license key signs revocation lists");
  const claims = {
    iss: revoked.deployment,
    iat: seconds(revoked.issuedAt),
    version: revoked.version,
    licenses: revoked.licenses,
    installations: revoked.installations.map(({ id, revokedAt }) => ({
      id,
      at: seconds(revokedAt),
    })),
  };
  return signToken(key, "revlist+jwt", claims, revocations);
}

/**
 * Verifies a revocation list. How old it may be is the caller's to judge, by `issuedAt`.
 * @param minVersion the newest version seen before: an older one is refused
 */
export async function verifyRevocationList(
  token: string,
  trust: Pick<TrustBundle, "deployment" | "keys">,
  minVersion = 0,
): Promise<Verified<RevocationList>> {
  const verified = await verifyToken(
    token,
    "revlist+jwt",
    revocations,
    (kid) => findTrustedKey(trust, kid, "license"),
    MAX_REVOCATION_LIST_LENGTH,
  );
  if (verified.kind === "refused") return verified;
  if (verified.claims.deployment !== trust.deployment) return refused("wrong-issuer");
  return verified.claims.version < minVersion ? refused("older-list") : verified;
}

/** What a list says, without any proof of it. */
export function readRevocationsUnverified(token: string): RevocationList | undefined {
  const parts = parseToken(token, MAX_REVOCATION_LIST_LENGTH);
  const read = parts === undefined ? MALFORMED : readJson(parts.payload, revocations);
  return read === MALFORMED ? undefined : read;
}

/**
 * Whether a list revokes a certificate.
 * @param certificate what it claims, verified; a license certificate has no installation
 */
export function isRevoked(
  revoked: RevocationList,
  certificate: {
    readonly license: string;
    readonly installation?: string;
    readonly issuedAt: number;
  },
): boolean {
  const { license, installation, issuedAt } = certificate;
  return (
    revoked.licenses.includes(lastSegment(license)) ||
    (installation !== undefined &&
      revoked.installations.some(
        ({ id, revokedAt }) => id === lastSegment(installation) && issuedAt <= revokedAt,
      ))
  );
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
