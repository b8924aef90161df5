/** What must not stand in a log, wherever it came from: signed tokens, bearer secrets, product keys, passwords in URLs. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[token]"],
  [/\bBearer [!#-[\]-~]+/g, "Bearer [secret]"],
  [/\b[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){4}\b/g, "[product key]"],
  [/(\b[a-z]+:\/\/[^\s:/@"]*):[^\s@"]+@/g, "$1:[secret]@"],
];

/** Line ends that JSON leaves as they are, and some readers take for the end of an entry. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A log line without secrets, on one line. */
export function scrub(line: string): string {
  let clean = line;
  for (const [secret, instead] of SECRETS) clean = clean.replace(secret, instead);
  return clean.replace(LINE_ENDS, " ");
}
