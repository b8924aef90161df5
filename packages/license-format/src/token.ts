import { compactVerify, errors, importJWK } from "jose";
import { toBase64 } from "./base64.ts";
import { MALFORMED, type Reader, readJson } from "./reader.ts";
import type { Signer } from "./signer.ts";
import { parseToken, type TokenType, writeHeader } from "./token-grammar.ts";
import { type Refused, refused, type Verified } from "./verified.ts";

/** `EdDSA` is what is written; RFC 9864 renames it to `Ed25519`, and other signers write that. */
const ALGORITHMS = ["EdDSA", "Ed25519"];

/** The public key that a token's key id stands for, or why there is none. */
export type FoundKey = { readonly kind: "key"; readonly publicKey: Uint8Array } | Refused;

/**
 * Signs claims. `read` is the reader that verifiers will use.
 * @throws RangeError if they would refuse the claims as malformed: nothing is signed then
 */
export async function signToken<T>(
  signer: Pick<Signer, "kid" | "sign">,
  type: TokenType,
  claims: object,
  read: Reader<T>,
): Promise<string> {
  const payload = JSON.stringify(claims);
  if (readJson(payload, read) === MALFORMED) {
    throw new RangeError(`the claims are not those of a ${type}`);
  }
  const header = toBase64(writeHeader(signer.kid, type), "base64url");
  const signed = `${header}.${toBase64(payload, "base64url")}`;
  const signature = await signer.sign(new TextEncoder().encode(signed));
  return `${signed}.${toBase64(signature, "base64url")}`;
}

/**
 * Verifies that a token is of this type and signed by the key that `findKey` names, then
 * reads its claims. Audience and times are the caller's to compare.
 * @param findKey is given what is not verified yet: the key id and the payload's JSON text
 */
export async function verifyToken<T>(
  token: string,
  type: TokenType,
  read: Reader<T>,
  findKey: (kid: string, payload: string) => FoundKey,
  maxLength?: number,
): Promise<Verified<T>> {
  const parts = parseToken(token, maxLength);
  if (parts === undefined) return refused("malformed");
  if (!ALGORITHMS.includes(parts.algorithm)) return refused("algorithm");
  if (parts.type !== type) return refused("wrong-type");
  const found = findKey(parts.kid, parts.payload);
  if (found.kind === "refused") return found;
  if (!(await isSignedBy(token, found.publicKey))) return refused("signature");
  const claims = readJson(parts.payload, read);
  return claims === MALFORMED ? refused("malformed") : { kind: "verified", claims };
}

async function isSignedBy(token: string, publicKey: Uint8Array): Promise<boolean> {
  const x = toBase64(publicKey, "base64url");
  const key = await importJWK({ kty: "OKP", crv: "Ed25519", x }, "EdDSA");
  try {
    await compactVerify(token, key, { algorithms: ALGORITHMS });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
