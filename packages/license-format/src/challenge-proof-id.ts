import { createHash } from "node:crypto";

const LABEL = "leasehold/challenge/v1\0";

/**
 * The id of a proof that answers a challenge: it binds the proof to this challenge, and to the
 * method that the challenge is used for.
 * @param method its name, for example `Unlock`
 */
export function challengeProofId(method: string, challenge: Uint8Array): string {
  return createHash("sha256").update(`${LABEL}${method}\0`).update(challenge).digest("base64url");
}
