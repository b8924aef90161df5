import type { Reader } from "./reader.ts";
import type { SigningKey, SigningPurpose } from "./signing-key.ts";
import { signToken, verifyToken } from "./token.ts";
import type { TokenType } from "./token-grammar.ts";
import { findTrustedKey, type TrustBundle } from "./trust-bundle.ts";
import { timeFault } from "./validity.ts";
import { refused, type Verified } from "./verified.ts";

/** What a verifier knows beforehand of a certificate. */
export interface CertificateExpectation {
  /** The product, `products/{product}`, that it must be for; any if absent. */
  readonly product?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What every certificate claims. */
export interface CertificateClaims {
  /** Who issued it, for example `dev.leasehold.local`. */
  readonly deployment: string;
  /** `products/{product}`. */
  readonly product: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Its own id: what a revocation or a cache goes by, never the token's text. */
  readonly id: string;
}

/** A kind of certificate: its type, the purpose of the keys that sign it, and its shape. */
export interface CertificateKind<Claims extends CertificateClaims> {
  readonly type: TokenType;
  readonly purpose: SigningPurpose;
  readonly read: Reader<Claims>;
  /** The payload of a token with these claims. */
  write(claims: Claims): object;
  /** From when on it proves nothing, in milliseconds since 1970. */
  until(claims: Claims): number;
}

/**
 * Signs a certificate.
 * @throws RangeError if the key is for another purpose, or the claims are not of their shape
 */
export async function signCertificate<Claims extends CertificateClaims>(
  kind: CertificateKind<Claims>,
  key: SigningKey,
  claims: Claims,
): Promise<string> {
  if (key.purpose !== kind.purpose) {
    throw new RangeError(`a key for ${key.purpose} does not sign a ${kind.type}`);
  }
  return signToken(key, kind.type, kind.write(claims), kind.read);
}

/** Verifies a certificate of this kind. */
export async function verifyCertificate<Claims extends CertificateClaims>(
  kind: CertificateKind<Claims>,
  token: string,
  trust: TrustBundle,
  expected: CertificateExpectation,
): Promise<Verified<Claims>> {
  const verified = await verifyToken(token, kind.type, kind.read, (kid) =>
    findTrustedKey(trust, kid, kind.purpose),
  );
  if (verified.kind === "refused") return verified;
  const { claims } = verified;
  if (claims.deployment !== trust.deployment) return refused("wrong-issuer");
  if (expected.product !== undefined && claims.product !== expected.product) {
    return refused("wrong-audience");
  }
  const fault = timeFault(claims.issuedAt, kind.until(claims), expected.now);
  return fault === undefined ? verified : refused(fault);
}
