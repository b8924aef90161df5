import { fromBase64, fromUtf8 } from "./base64.ts";
import { MALFORMED, object, pattern, type Reader, readJson } from "./reader.ts";

/** The kinds of signed things; each verification names one. */
export type TokenType =
  | "license+jwt"
  | "install+jwt"
  | "borrow+jwt"
  | "trust+jwt"
  | "root+jwt"
  | "audit+jwt"
  | "revlist+jwt"
  | "actreq+jwt"
  | "install-proof+jwt";

/** Longest token that is looked at, in characters. */
export const MAX_TOKEN_LENGTH = 40 * 1024;

const SIGNATURE_BYTES = 64;

/** A token of the grammar, taken apart. Nothing of it is verified. */
export interface TokenParts {
  readonly algorithm: string;
  readonly kid: string;
  readonly type: string;
  /** JSON text. */
  readonly payload: string;
}

interface Header {
  readonly alg: string;
  readonly kid: string;
  readonly typ: string;
}

const header: Reader<Header> = object({
  alg: pattern(/^[\x21-\x7e]{1,32}$/),
  kid: pattern(/^[\x21-\x7e]{1,64}$/),
  typ: pattern(/^[\x21-\x7e]{1,64}$/),
});

/** The header of a token: what is written, to the byte. */
export function writeHeader(kid: string, type: TokenType): string {
  return JSON.stringify({ alg: "EdDSA", kid, typ: type });
}

/**
 * Takes a compact JWS apart, by a stricter grammar than JOSE libraries have: one spelling
 * for one signature. Three canonical base64url parts; a header of exactly `alg`, `kid`
 * and `typ`, once each, in compact JSON; a signature of 64 bytes.
 * @param maxLength of the token, in characters
 */
export function parseToken(token: string, maxLength = MAX_TOKEN_LENGTH): TokenParts | undefined {
  if (token.length > maxLength) return undefined;
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const [headerText, payload, signature] = parts.map((part) => fromBase64(part, "base64url"));
  if (signature?.length !== SIGNATURE_BYTES || headerText === undefined) return undefined;
  const read = readHeader(fromUtf8(headerText) ?? "");
  const payloadText = payload === undefined ? undefined : fromUtf8(payload);
  if (read === undefined || payloadText === undefined) return undefined;
  return { algorithm: read.alg, kid: read.kid, type: read.typ, payload: payloadText };
}

function readHeader(json: string): Header | undefined {
  // Read back and compared: JSON.parse would let a member stand twice, and spelled in escapes.
  const isExact: Reader<true> = (value) =>
    JSON.stringify(value) === json && Object.keys(value ?? {}).length === 3 ? true : MALFORMED;
  if (readJson(json, isExact) === MALFORMED) return undefined;
  const read = readJson(json, header);
  return read === MALFORMED ? undefined : read;
}
