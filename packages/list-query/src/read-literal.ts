import type { Literal } from "./comparison.ts";
import { filterFault, type FilterFault } from "./filter-fault.ts";
import type { Scanner } from "./scanner.ts";

const DOUBLE_QUOTED = /"(?:[^"\\]|\\.)*"/sy;
const SINGLE_QUOTED = /'(?:[^'\\]|\\.)*'/sy;
/** Colons and signs are part of it: times and numbers need no quotes. */
const BARE = /[^\s"'()\\=<>!,]+/y;
const KEYWORD = /^(?:AND|OR|NOT)$/;

/** A literal that was read. */
export interface ReadLiteral extends Literal {
  readonly kind: "literal";
}

/** Reads the value of a comparison. */
export function readLiteral(scanner: Scanner): ReadLiteral | FilterFault {
  const { at } = scanner;
  const quoted = scanner.take(DOUBLE_QUOTED) ?? scanner.take(SINGLE_QUOTED);
  if (quoted !== undefined) return resolve(quoted.slice(1, -1), at + 1);
  if (scanner.looksAt(/["']/y)) return filterFault(at, "the quotes of this value do not end");
  const bare = scanner.take(BARE);
  if (bare === undefined)
    return filterFault(at, "must be a value: a word, a number, a time, or a text in quotes");
  if (KEYWORD.test(bare)) return filterFault(at, "AND, OR and NOT as a value stand in quotes");
  return resolve(bare, at);
}

function resolve(body: string, start: number): ReadLiteral | FilterFault {
  let text = "";
  for (const { 0: piece, index } of body.matchAll(/\\.|\*|[^\\*]+/gs)) {
    if (piece === "*") {
      if (index + 1 === body.length) return { kind: "literal", text, isPrefix: true };
      return filterFault(start + index, "a * stands at the end only; as a character it is \\*");
    }
    if (piece.startsWith("\\") && !/["'\\*]/.test(piece[1] ?? ""))
      return filterFault(start + index, "only quotes, \\ and * are escaped by a \\");
    text += piece.startsWith("\\") ? piece.slice(1) : piece;
  }
  return { kind: "literal", text, isPrefix: false };
}
