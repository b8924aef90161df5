/** How long a text may be, in code points. */
export interface TextBounds {
  readonly min?: number;
  readonly max: number;
}

/** Controls, line ends, and marks that turn the direction of what stands around them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** More marks on one letter than any script needs. */
const MARK_FLOOD = /\p{M}{9}/u;
/** What a decoder puts where bytes were not UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * What is wrong with a text that people read, in words that do not quote it; `undefined`
 * if nothing is.
 * @param text in Unicode normalization form C
 */
export function textFault(text: string, { min = 0, max }: TextBounds): string | undefined {
  // A code point takes two units at most: no need to count a text that is longer than that.
  if (text.length > 2 * max || codePoints(text) > max)
    return `must have at most ${max} code points`;
  if (codePoints(text) < min) return `must have at least ${min} code points`;
  if (!text.isWellFormed() || text.includes(REPLACEMENT)) return "must be well-formed Unicode";
  if (UNPRINTABLE.test(text)) return "must not contain control characters";
  if (MARK_FLOOD.test(text)) return "must not pile up combining marks";
  if (min > 0 && text.trim() === "") return "must not be blank";
  return undefined;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
