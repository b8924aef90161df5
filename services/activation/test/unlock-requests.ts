import { generateKeyPairSync } from "node:crypto";
import type { activation } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import {
  challengeProofId,
  type KeyPair,
  newProductKey,
  signProof,
} from "@leasehold/license-format";

/** A key that nobody else has. */
export const freshKey = () => newProductKey(systemRandom);

export const freshId = () => newUuid(systemClock, systemRandom);

/** The private halves of the keys that requests were made with, by the public ones in hex. */
const privateKeys = new Map<string, Uint8Array>();

/** Lets `proven` know of a key pair. */
export function remember({ publicKey, privateKey }: KeyPair): void {
  privateKeys.set(Buffer.from(publicKey).toString("hex"), privateKey);
}

/** A public key, whose private half `proven` finds. */
function freshPublicKey(): Buffer {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url");
  privateKeys.set(publicKey.toString("hex"), Buffer.from(d, "base64url"));
  return publicKey;
}

/** Whether a request was made with this key. */
export function hasPrivateKey(publicKey: Uint8Array): boolean {
  return privateKeys.has(Buffer.from(publicKey).toString("hex"));
}

/** The private half of a key that a request was made with. */
function privateKeyOf(publicKey: Uint8Array): Uint8Array {
  const found = privateKeys.get(Buffer.from(publicKey).toString("hex"));
  if (found === undefined) throw new Error("no request was made with this key");
  return found;
}

/** A well-formed request to unlock `products/studio` for Ada Lovelace at Acme, but for the proof. */
export function unlockRequest(
  productKey: string,
  given: Partial<activation.UnlockRequest> = {},
): activation.UnlockRequest {
  return {
    requestId: freshId(),
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey,
    product: "products/studio",
    publicKey: given.publicKey ?? freshPublicKey(),
    fingerprint: undefined,
    evidence: undefined,
    host: "workstation-7",
    challenge: Buffer.alloc(0),
    proof: "",
    applicationVersion: "",
    applicationReleaseTime: undefined,
    ...given,
  };
}

/** How a proof differs from the right one. */
export type ProofChanges = Partial<Parameters<typeof signProof>[0] & { readonly method: string }>;

/** The request with the answer to a challenge. */
export async function proven(
  request: activation.UnlockRequest,
  made: activation.CreateChallengeResponse,
  changes: ProofChanges = {},
): Promise<activation.UnlockRequest> {
  const { challenge, audience, createTime, expireTime } = made;
  const proof = await signProof({
    privateKey: privateKeyOf(request.publicKey),
    installation: `installations/${request.requestId}`,
    audience,
    issuedAt: createTime!.getTime(),
    expiresAt: expireTime!.getTime(),
    id: challengeProofId(changes.method ?? "Unlock", challenge),
    ...changes,
  });
  return { ...request, challenge, proof };
}
