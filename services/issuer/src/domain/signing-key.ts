import type { SigningPurpose } from "@leasehold/license-format";

/** What the issuer signs; for each of them, one key signs at a time. */
export type CertificatePurpose = Extract<SigningPurpose, "license" | "install" | "audit">;

/** All of them. */
export const CERTIFICATE_PURPOSES = [
  "license",
  "install",
  "audit",
] as const satisfies readonly CertificatePurpose[];

/** Whether a key signs, did, or must not be believed. */
export type SigningKeyState = "ACTIVE" | "RETIRED" | "REVOKED";

/** A signing key without its private half. Plain data. */
export interface SigningKeyRecord {
  /** Thumbprint of the public key. */
  readonly kid: string;
  readonly purpose: CertificatePurpose;
  /** 1 for the first of its purpose. One in the place of a revoked key has that key's. */
  readonly generation: number;
  readonly state: SigningKeyState;
  /** 32 bytes in base64url. */
  readonly publicKey: string;
  /** Milliseconds since 1970. */
  readonly createTime: number;
  /** When it ceased to sign, in milliseconds since 1970; absent while it does. */
  readonly retireTime?: number | undefined;
}

/** How many generations of a purpose are believed, the one that signs among them. */
const BELIEVED_GENERATIONS = 3;

/** The keys of which it is believed what they signed. */
export function believed<Key extends SigningKeyRecord>(keys: readonly Key[]): readonly Key[] {
  return keys.filter(
    ({ state, purpose, generation }) =>
      state !== "REVOKED" && generation > latestGeneration(keys, purpose) - BELIEVED_GENERATIONS,
  );
}

/** The highest generation that a purpose has come to; 0 if it has no key. */
export function latestGeneration(
  keys: readonly SigningKeyRecord[],
  purpose: CertificatePurpose,
): number {
  const generations = keys.filter((key) => key.purpose === purpose);
  return Math.max(0, ...generations.map(({ generation }) => generation));
}
