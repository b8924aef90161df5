/**
 * Why a token, or a license file's content, was refused:
 * - `malformed`: not of the grammar, or its claims are not of their shape
 * - `algorithm`: signed by another algorithm, or by none
 * - `wrong-type`: a token of another kind
 * - `unknown-key`: signed by a key that is not trusted
 * - `wrong-purpose`: signed by a key that is trusted for something else
 * - `signature`: the signature is not that of the content
 * - `wrong-issuer`: of another deployment than the trust bundle
 * - `wrong-audience`: for another product or service
 * - `expired`, `not-yet`: out of its time
 * - `too-long-lived`: a proof that claims more than five minutes
 * - `older-bundle`: a trust bundle older than one that was seen
 * - `older-list`: a revocation list older than one that was seen
 * - `mismatched`: certificates that do not belong together
 */
export type TokenFault =
  | "malformed"
  | "algorithm"
  | "wrong-type"
  | "unknown-key"
  | "wrong-purpose"
  | "signature"
  | "wrong-issuer"
  | "wrong-audience"
  | "expired"
  | "not-yet"
  | "too-long-lived"
  | "older-bundle"
  | "older-list"
  | "mismatched";

/** A refusal. */
export interface Refused {
  readonly kind: "refused";
  readonly fault: TokenFault;
}

/** What was claimed and proven, or why it is not believed. */
export type Verified<T> = { readonly kind: "verified"; readonly claims: T } | Refused;

/** A refusal with this fault. */
export function refused(fault: TokenFault): Refused {
  return { kind: "refused", fault };
}
