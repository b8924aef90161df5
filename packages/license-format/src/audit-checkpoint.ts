import { toBase64 } from "./base64.ts";
import { bytesText, deployment, seconds, time } from "./claim-readers.ts";
import { integer, map, object, type Reader } from "./reader.ts";
import type { SigningKey } from "./signing-key.ts";
import { signToken, verifyToken } from "./token.ts";
import { findTrustedKey, type TrustBundle } from "./trust-bundle.ts";
import { refused, type Verified } from "./verified.ts";

/** What a checkpoint of the audit log claims: what its chain had come to. It has no end. */
export interface AuditCheckpointClaims {
  readonly deployment: string;
  /** The last entry that it covers; 0 if there was none. */
  readonly sequence: number;
  /** The hash of that entry, 32 bytes. */
  readonly hash: Uint8Array;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

const HASH_BYTES = 32;

/** Reads the payload of an `audit+jwt`. */
const checkpoint: Reader<AuditCheckpointClaims> = map(
  object({
    iss: deployment,
    iat: time,
    seq: integer(0),
    hash: bytesText(HASH_BYTES, HASH_BYTES),
  }),
  ({ iss, iat, seq, hash }) => ({
    deployment: iss,
    sequence: seq,
    hash: new Uint8Array(Buffer.from(hash, "base64url")),
    issuedAt: iat,
  }),
);

/**
 * Signs a checkpoint, as an `audit+jwt`. The time is cut to whole seconds.
 * @throws RangeError if the key is not for checkpoints, or the claims are not of their shape
 */
export async function signAuditCheckpoint(
  key: SigningKey,
  claims: AuditCheckpointClaims,
): Promise<string> {
  if (key.purpose !== "audit") throw new RangeError("only an audit key signs checkpoints");
  const payload = {
    iss: claims.deployment,
    iat: seconds(claims.issuedAt),
    seq: claims.sequence,
    hash: toBase64(claims.hash, "base64url"),
  };
  return signToken(key, "audit+jwt", payload, checkpoint);
}

/** Verifies a checkpoint, of whatever age. */
export async function verifyAuditCheckpoint(
  token: string,
  trust: Pick<TrustBundle, "deployment" | "keys">,
): Promise<Verified<AuditCheckpointClaims>> {
  const verified = await verifyToken(token, "audit+jwt", checkpoint, (kid) =>
    findTrustedKey(trust, kid, "audit"),
  );
  if (verified.kind === "refused" || verified.claims.deployment === trust.deployment) {
    return verified;
  }
  return refused("wrong-issuer");
}
