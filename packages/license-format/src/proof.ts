import { toBase64 } from "./base64.ts";
import {
  audience,
  installationName,
  publicKeyBytes,
  seconds,
  time,
  tokenId,
} from "./claim-readers.ts";
import { MALFORMED, map, object, type Reader, readJson } from "./reader.ts";
import { signingKey, thumbprint } from "./signing-key.ts";
import { type FoundKey, signToken, verifyToken } from "./token.ts";
import { timeFault } from "./validity.ts";
import { refused, type Verified } from "./verified.ts";

/** How long a proof may hold, in milliseconds. */
export const MAX_PROOF_LIFETIME = 5 * 60_000;

/** What an installation claims of itself, for one service, for a few minutes. */
export interface ProofClaims {
  /** `installations/{installation}`. */
  readonly installation: string;
  /** One service of one deployment, for example `dev.leasehold.local/leasehold.seatbroker.v1.SeatBrokerService`. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970; at most five minutes after `issuedAt`. */
  readonly expiresAt: number;
  readonly id: string;
}

interface SignedProof {
  readonly claims: ProofClaims;
  readonly publicKey: Uint8Array;
}

const proof: Reader<SignedProof> = map(
  object({
    sub: installationName,
    aud: audience,
    iat: time,
    exp: time,
    jti: tokenId,
    pub: publicKeyBytes,
  }),
  ({ sub, aud, iat, exp, jti, pub }) =>
    iat >= exp
      ? MALFORMED
      : {
          claims: { installation: sub, audience: aud, issuedAt: iat, expiresAt: exp, id: jti },
          publicKey: pub,
        },
);

/**
 * Signs a proof, as an `install-proof+jwt`. Times are cut to whole seconds.
 * @param options.privateKey the installation's own, 32 bytes
 * @throws RangeError if the claims are not of their shape, or hold longer than five minutes
 */
export async function signProof(
  options: ProofClaims & { readonly privateKey: Uint8Array },
): Promise<string> {
  if (options.expiresAt - options.issuedAt > MAX_PROOF_LIFETIME) {
    throw new RangeError("a proof holds for five minutes at most");
  }
  const key = signingKey("install", options.privateKey);
  const claims = {
    sub: options.installation,
    aud: options.audience,
    iat: seconds(options.issuedAt),
    exp: seconds(options.expiresAt),
    jti: options.id,
    pub: toBase64(key.publicKey, "base64url"),
  };
  return signToken(key, "install-proof+jwt", claims, proof);
}

/**
 * Verifies a proof.
 * @param publicKeyThumbprint of the certificate that is presented beside the proof
 * @param expectedAudience the one service that verifies, or those that one server has
 * @param now milliseconds since 1970. A proof that is only out of time is `expired` or
 *   `not-yet`: everything else about it is right, so it tells of a wrong clock
 */
export async function verifyProof(
  token: string,
  publicKeyThumbprint: string,
  expectedAudience: string | readonly string[],
  now: number,
): Promise<Verified<ProofClaims>> {
  const verified = await verifyToken(token, "install-proof+jwt", proof, (kid, payload) =>
    ownKey(kid, payload, publicKeyThumbprint),
  );
  if (verified.kind === "refused") return verified;
  const { claims } = verified.claims;
  if (![expectedAudience].flat().includes(claims.audience)) return refused("wrong-audience");
  if (claims.expiresAt - claims.issuedAt > MAX_PROOF_LIFETIME) return refused("too-long-lived");
  const fault = timeFault(claims.issuedAt, claims.expiresAt, now);
  return fault === undefined ? { kind: "verified", claims } : refused(fault);
}

/** The key that a proof brings along, which the certificate knows by its thumbprint. */
function ownKey(kid: string, payload: string, publicKeyThumbprint: string): FoundKey {
  const read = readJson(payload, proof);
  if (read === MALFORMED) return refused("malformed");
  const own = thumbprint(read.publicKey);
  return own === publicKeyThumbprint && own === kid
    ? { kind: "key", publicKey: read.publicKey }
    : refused("unknown-key");
}
