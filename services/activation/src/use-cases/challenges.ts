import { challengeProofId, thumbprint, verifyProof } from "@leasehold/license-format";
import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import {
  CHALLENGE_LIFE_MS,
  type Challenge,
  type ChallengeKeys,
  formatChallenge,
  readChallenge,
} from "../domain/challenge.ts";
import { challengeRefused, proofOutOfTime, proofRefused } from "../domain/challenge-problems.ts";

/** A challenge that somebody asked for. Times are milliseconds since 1970. */
export interface CreatedChallenge {
  readonly challenge: Uint8Array;
  readonly createTime: number;
  readonly expireTime: number;
  /** Whom the proof is for. */
  readonly audience: string;
}

/** A challenge with the proof that answers it. */
export interface AnsweredChallenge {
  readonly challenge: Uint8Array;
  /** An `install-proof+jwt`. */
  readonly proof: string;
  /** Whose private key is proven, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The name of the method that the challenge is used for. */
  readonly method: string;
  /** `installations/{installation}` that the proof is to speak of. */
  readonly installation: string;
}

/**
 * Challenges: whoever sends a public key proves by one that the private key is at hand, now. They are
 * not kept until they are used: that makes them cheap to make, and any replica knows them again.
 */
export interface Challenges {
  readonly create: () => CreatedChallenge;
  /**
   * Makes sure that a challenge is of this deployment, not over, and answered with the private key.
   * That it was not used before is for the transaction of the change to tell: `UseChallenge`.
   * @throws Problem CHALLENGE_REFUSED; UNAUTHENTICATED or CLOCK_SKEW over the proof
   */
  readonly prove: (answered: AnsweredChallenge) => Promise<Challenge>;
}

/** What challenges need. */
export interface ChallengePorts {
  readonly keys: ChallengeKeys;
  /** `{deployment}/{full name of the service}`. */
  readonly audience: string;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
}

/** Challenges of a deployment. */
export function challenges(ports: ChallengePorts): Challenges {
  const { keys, audience, clock, random } = ports;
  return {
    create: () => {
      const createTime = clock.now();
      const expireTime = createTime + CHALLENGE_LIFE_MS;
      const challenge = formatChallenge(keys, { id: newUuid(clock, random), expireTime });
      return { challenge, createTime, expireTime, audience };
    },
    prove: async (answered) => {
      const now = clock.now();
      const challenge = readChallenge(keys, answered.challenge);
      if (challenge === undefined || now >= challenge.expireTime) throw challengeRefused();
      await verify(answered, audience, now);
      return challenge;
    },
  };
}

async function verify(answered: AnsweredChallenge, audience: string, now: number): Promise<void> {
  const { challenge, proof, publicKey, method, installation } = answered;
  const verified = await verifyProof(proof, thumbprint(publicKey), audience, now);
  if (verified.kind === "verified") {
    const { claims } = verified;
    if (claims.installation !== installation) throw proofRefused();
    if (claims.id !== challengeProofId(method, challenge)) throw challengeRefused();
    return;
  }
  const outOfTime = verified.fault === "expired" || verified.fault === "not-yet";
  throw outOfTime ? proofOutOfTime(now) : proofRefused();
}
