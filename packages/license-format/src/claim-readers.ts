import { parseName } from "@leasehold/kernel";
import { fromBase64 } from "./base64.ts";
import { integer, map, pattern, type Reader, text } from "./reader.ts";
import { KEY_BYTES } from "./signing-key.ts";
import { MAX_TOKEN_LENGTH } from "./token-grammar.ts";

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** Reads a point in time: whole seconds in a token, milliseconds since 1970 in the program. */
export const time: Reader<number> = map(integer(0, LAST_SECOND), (seconds) => seconds * 1000);

/** A point in time as tokens have it: in whole seconds, cut off so that nothing lasts longer than asked. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Reads a deployment's name, for example `dev.leasehold.local`. */
export const deployment: Reader<string> = pattern(/^[\x21-\x7e]{1,200}$/);

/** Reads an audience, for example `dev.leasehold.local/leasehold.activation.v1.ActivationService`. */
export const audience: Reader<string> = pattern(/^[\x21-\x7e]{1,400}$/);

/** Reads a token's own id. */
export const tokenId: Reader<string> = pattern(/^[A-Za-z0-9_-]{1,64}$/);

export const productName: Reader<string> = text(
  (name) => parseName("products/{product}", name) !== undefined,
);

export const licenseName: Reader<string> = text(
  (name) => parseName("customers/{customer}/licenses/{license}", name) !== undefined,
);

export const installationName: Reader<string> = text(
  (name) => parseName("installations/{installation}", name) !== undefined,
);

/** Reads the code of a product's feature. */
export const featureCode: Reader<string> = pattern(/^[a-z][a-z0-9_-]{0,63}$/);

/** Reads a name as people have them: 1 to 200 code points, no control characters. */
export const personalName: Reader<string> = text(
  (name) =>
    name.length > 0 &&
    Array.from(name).length <= 200 &&
    name.isWellFormed() &&
    !/\p{Cc}/u.test(name),
);

/** Reads what a machine tells of itself: at most 200 code points, no control characters. */
export function toldText({ least }: { readonly least: 0 | 1 }): Reader<string> {
  return text(
    (told) =>
      told.length >= least &&
      Array.from(told).length <= 200 &&
      told.isWellFormed() &&
      !/\p{Cc}/u.test(told),
  );
}

/** Reads bytes in base64url, from `least` to `most` of them; stays text. */
export function bytesText(least: number, most: number): Reader<string> {
  return text((value) => {
    const length = fromBase64(value, "base64url")?.length ?? -1;
    return length >= least && length <= most;
  });
}

/** Reads the thumbprint of a key: a SHA-256 in base64url. */
export const keyThumbprint: Reader<string> = bytesText(32, 32);

/** Reads an Ed25519 public key in base64url. */
export const publicKeyBytes: Reader<Uint8Array> = map(
  bytesText(KEY_BYTES, KEY_BYTES),
  (value) => new Uint8Array(Buffer.from(value, "base64url")),
);

/** Reads what may be a token, as it stands in a file; nothing of it is verified. */
export const tokenText: Reader<string> = tokenTextOf(MAX_TOKEN_LENGTH);

/** Reads what may be a token of at most so many characters. */
export function tokenTextOf(most: number): Reader<string> {
  return pattern(new RegExp(`^(?=.{1,${most}}$)[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
}
