import type { CertificatePurpose, SigningKeyState } from "../domain/signing-key.ts";
import type { SealedKey } from "../use-cases/key-ring.ts";

/** A row of signing keys. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly purpose: CertificatePurpose;
  readonly generation: bigint;
  readonly state: SigningKeyState;
  readonly public_key: Buffer;
  readonly sealed_private_key: Buffer | null;
  readonly create_time: Date;
  readonly retire_time: Date | null;
}

/** The signing key that a row holds. */
export function signingKeyFromRow(row: SigningKeyRow): SealedKey {
  return {
    kid: row.kid,
    purpose: row.purpose,
    generation: Number(row.generation),
    state: row.state,
    publicKey: row.public_key.toString("base64url"),
    createTime: row.create_time.getTime(),
    retireTime: row.retire_time?.getTime(),
    sealedPrivateKey: row.sealed_private_key ?? undefined,
  };
}
