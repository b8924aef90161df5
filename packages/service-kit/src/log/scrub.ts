/**
 * What must not stand in a log or an error, wherever it came from: signed tokens, bearer secrets, product
 * keys, keys of 32 bytes, passwords in URLs.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[token]"],
  [/\blh_[a-z]+_[\w-]{8,}/g, "[secret]"],
  [/\bBearer [!#-[\]-~]+/gi, "Bearer [secret]"],
  [/\b[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){4}\b/g, "[product key]"],
  [/\b[0-9A-Fa-f]{64}\b/g, "[32 bytes]"],
  [/(\b[a-z][a-z+]*:\/\/[^\s:/@"]*):[^\s@"]+@/g, "$1:[secret]@"],
];

/**
 * What JSON leaves as it is, and a terminal or a reader may act on: line ends, eight-bit controls, marks
 * that turn the direction of writing or have no width.
 */
const UNSEEN = /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** A text without what looks like a secret. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const [secret, instead] of SECRETS) clean = clean.replace(secret, instead);
  return clean;
}

/** A log line without secrets, on one line, with everything in sight. The line is JSON. */
export function scrub(line: string): string {
  return withoutSecrets(line).replace(
    UNSEEN,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
