import { toBase64 } from "./base64.ts";
import type { TrustedKey } from "./trust-bundle.ts";

/**
 * Public keys as a JSON Web Key Set (RFC 7517, RFC 8037), for verifiers that take keys so. The
 * root is left out: it is pinned, and signs nothing but trust bundles.
 */
export function jsonWebKeySet(trustedKeys: readonly TrustedKey[]): string {
  const keys = trustedKeys
    .filter(({ purpose }) => purpose !== "trust")
    .map(({ kid, publicKey }) => ({
      kty: "OKP",
      crv: "Ed25519",
      x: toBase64(publicKey, "base64url"),
      kid,
      use: "sig",
      alg: "EdDSA",
    }));
  return JSON.stringify({ keys });
}
