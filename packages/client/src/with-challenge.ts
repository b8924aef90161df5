import { activation } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { challengeProofId, signProof } from "@leasehold/license-format";
import type { Client, UnaryOptions } from "@leasehold/rpc-client";
import { unfitChallenge } from "./client-problems.ts";

/** A call that needs a challenge: which, and whose key proves itself. */
export interface ChallengedCall {
  /** The name of the method. */
  readonly method: string;
  /** Of whom the proof speaks: `installations/{installation}`. */
  readonly installation: string;
  /** The installation's own, 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** What the call sends along. */
export interface AnsweredChallenge {
  readonly challenge: Buffer;
  readonly proof: string;
}

type ActivationClient = Client<typeof activation.ActivationServiceDefinition>;

/** What only this service accepts, whatever the deployment. */
const SERVICE = `/${activation.ActivationServiceDefinition.fullName}`;

/**
 * Makes a call with the answer to a challenge. One that ended or was used meanwhile is replaced once.
 * The proof is dated by the server's clock, so that this machine's may be wrong.
 * @throws Problem what the call throws; UNAUTHENTICATED if the challenge is for another service
 */
export async function withChallenge<Response>(
  service: Pick<ActivationClient, "createChallenge">,
  challenged: ChallengedCall,
  options: UnaryOptions,
  call: (answered: AnsweredChallenge) => Promise<Response>,
): Promise<Response> {
  try {
    return await call(await answer(service, challenged, options));
  } catch (error) {
    if (!isProblem(error, "CHALLENGE_REFUSED")) throw error;
    return call(await answer(service, challenged, options));
  }
}

async function answer(
  service: Pick<ActivationClient, "createChallenge">,
  { method, installation, privateKey }: ChallengedCall,
  options: UnaryOptions,
): Promise<AnsweredChallenge> {
  const made = await service.createChallenge({}, options);
  const { challenge, audience, createTime, expireTime } = made;
  if (createTime === undefined || expireTime === undefined || !audience.endsWith(SERVICE))
    throw unfitChallenge();
  const proof = await signProof({
    privateKey,
    installation,
    audience,
    issuedAt: createTime.getTime(),
    expiresAt: expireTime.getTime(),
    id: challengeProofId(method, challenge),
  });
  return { challenge, proof };
}
