import { issuer } from "@leasehold/contracts";
import { signingKeyName } from "../domain/resource-names.ts";
import type { SigningKeyRecord } from "../domain/signing-key.ts";

const STATE = {
  ACTIVE: issuer.SigningKeyState.ACTIVE,
  RETIRED: issuer.SigningKeyState.RETIRED,
  REVOKED: issuer.SigningKeyState.REVOKED,
} as const satisfies Record<SigningKeyRecord["state"], issuer.SigningKeyState>;

/** A signing key as the contract has it. */
export function presentSigningKey(key: SigningKeyRecord): issuer.SigningKey {
  return {
    name: signingKeyName(key.kid),
    purpose: key.purpose,
    state: STATE[key.state],
    publicKey: Buffer.from(key.publicKey, "base64url"),
    createTime: new Date(key.createTime),
    retireTime: key.retireTime === undefined ? undefined : new Date(key.retireTime),
  };
}
