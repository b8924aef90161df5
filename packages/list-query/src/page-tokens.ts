import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Position } from "./list-query.ts";

/** What a page token is good for. */
export interface TokenScope {
  readonly method: string;
  /** The resource name of what is listed in; empty if there is none. */
  readonly parent: string;
  readonly filter: string;
  readonly order: string;
}

/** Makes page tokens that nobody else can make, each good for one scope. */
export interface PageTokens {
  write(scope: TokenScope, position: Position): string;
  /** @returns `undefined` for anything but what `write` gave for this scope */
  read(scope: TokenScope, token: string): Position | undefined;
}

const LABEL = "leasehold/page-token/v1";
const VERSION = 1;
const MAC_LENGTH = 32;
const HEADER_LENGTH = 1 + MAC_LENGTH;
/** More than the longest position needs. */
const TOKEN_LENGTH_MAX = 16_384;

/**
 * Page tokens: base64url of a version byte, an HMAC-SHA-256 of scope and position, and the
 * position as JSON. The position is not secret from who was given the page.
 * @param secret 32 bytes, which may serve other ends too: the key is derived from it by HKDF,
 *   so that whoever has the secret makes and takes the same tokens
 */
export function pageTokens(secret: Uint8Array): PageTokens {
  const key = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), LABEL, 32));
  const macOf = ({ method, parent, filter, order }: TokenScope, payload: string) =>
    createHmac("sha256", key)
      .update(JSON.stringify([VERSION, method, parent, filter, order, payload]))
      .digest();
  return {
    write: (scope, position) => {
      const payload = JSON.stringify(position);
      const header = [Buffer.of(VERSION), macOf(scope, payload)];
      return Buffer.concat([...header, Buffer.from(payload)]).toString("base64url");
    },
    read: (scope, token) => {
      if (token.length > TOKEN_LENGTH_MAX) return undefined;
      const bytes = Buffer.from(token, "base64url");
      // The decoder skips what it does not know: one position has one token.
      if (bytes.toString("base64url") !== token || bytes[0] !== VERSION) return undefined;
      if (bytes.length < HEADER_LENGTH) return undefined;
      const payload = bytes.subarray(HEADER_LENGTH).toString();
      const isOurs = timingSafeEqual(bytes.subarray(1, HEADER_LENGTH), macOf(scope, payload));
      return isOurs ? (JSON.parse(payload) as Position) : undefined;
    },
  };
}
