import { activation } from "@leasehold/contracts";
import { LICENSEE } from "@leasehold/e2e/desk";
import {
  challengeProofId,
  generateKeyPair,
  type KeyPair,
  signProof,
} from "@leasehold/license-format";
import type { Client } from "@leasehold/rpc-client";
import { requestId } from "./world.ts";

type Activation = Client<typeof activation.ActivationServiceDefinition>;

/** What somebody claims who wants to unlock. */
export interface Claim {
  readonly product: string;
  readonly productKey: string;
  readonly licenseeName?: string;
  readonly licenseeOrganization?: string;
  readonly machine?: KeyPair;
  readonly requestId?: string;
}

/** A request to unlock with the answer to a new challenge. */
export async function unlockRequest(
  by: Pick<Activation, "createChallenge">,
  claim: Claim,
): Promise<activation.UnlockRequest> {
  return answering(await by.createChallenge({}), claim);
}

/** A request to unlock that answers this challenge. */
export async function answering(
  { challenge, audience, createTime, expireTime }: activation.CreateChallengeResponse,
  claim: Claim,
): Promise<activation.UnlockRequest> {
  const { publicKey, privateKey } = claim.machine ?? (await generateKeyPair());
  const id = claim.requestId ?? requestId();
  const proof = await signProof({
    privateKey,
    installation: `installations/${id}`,
    audience,
    issuedAt: createTime?.getTime() ?? 0,
    expiresAt: expireTime?.getTime() ?? 0,
    id: challengeProofId("Unlock", challenge),
  });
  return activation.UnlockRequest.fromPartial({
    requestId: id,
    licenseeName: claim.licenseeName ?? LICENSEE.name,
    licenseeOrganization: claim.licenseeOrganization ?? LICENSEE.organization,
    productKey: claim.productKey,
    product: claim.product,
    publicKey: Buffer.from(publicKey),
    host: "difference",
    challenge,
    proof,
  });
}
