import type { Comparison, Operator } from "./comparison.ts";
import { filterFault, type FilterFault } from "./filter-fault.ts";
import { readLiteral } from "./read-literal.ts";
import { Scanner } from "./scanner.ts";

/** How long a filter may be, in UTF-16 units. */
export const FILTER_LENGTH_MAX = 8_192;
/** How many comparisons a filter may have. */
export const COMPARISONS_MAX = 20;

const FIELD = /[A-Za-z_][A-Za-z0-9_.]*/y;
const OPERATOR = /!=|<=|>=|[=<>:]/y;
const ONLY_AND = "only AND joins comparisons: there is no OR, no NOT and no -";

/** A comparison with the place where it stands. */
export interface PlacedComparison extends Comparison {
  readonly kind: "comparison";
  readonly at: number;
  readonly valueAt: number;
}

/** A filter that keeps the grammar. */
export interface ParsedFilter {
  readonly kind: "filter";
  readonly comparisons: readonly PlacedComparison[];
}

/**
 * Reads a filter, a subset of AIP-160: comparisons joined by AND, parentheses around any of
 * it. As AND is all there is, parentheses mean nothing and are only counted: no input can
 * nest deep enough to exhaust the stack.
 */
export function parseFilter(filter: string): ParsedFilter | FilterFault {
  if (filter.length > FILTER_LENGTH_MAX)
    return filterFault(FILTER_LENGTH_MAX, `must have at most ${FILTER_LENGTH_MAX} characters`);
  if (!filter.isWellFormed() || filter.includes("\0"))
    return filterFault(0, "must be well-formed Unicode without NUL");
  const scanner = new Scanner(filter);
  scanner.skipSpace();
  return scanner.isAtEnd ? { kind: "filter", comparisons: [] } : readComparisons(scanner);
}

function readComparisons(scanner: Scanner): ParsedFilter | FilterFault {
  const comparisons: PlacedComparison[] = [];
  let depth = 0;
  for (;;) {
    depth += readParentheses(scanner, /\(/y, Infinity);
    if (comparisons.length === COMPARISONS_MAX)
      return filterFault(scanner.at, `must have at most ${COMPARISONS_MAX} comparisons`);
    const comparison = readComparison(scanner);
    if (comparison.kind === "fault") return comparison;
    comparisons.push(comparison);
    depth -= readParentheses(scanner, /\)/y, depth);
    if (scanner.isAtEnd) break;
    if (scanner.looksAt(/\)/y))
      return filterFault(scanner.at, "closes a parenthesis that was not opened");
    const joint = scanner.at;
    if (scanner.take(FIELD) !== "AND") return filterFault(joint, ONLY_AND);
  }
  return depth === 0
    ? { kind: "filter", comparisons }
    : filterFault(scanner.at, "a parenthesis is not closed");
}

/** Reads parentheses of one kind, and the space around them; tells how many. */
function readParentheses(scanner: Scanner, pattern: RegExp, most: number): number {
  let count = 0;
  scanner.skipSpace();
  while (count < most && scanner.take(pattern) !== undefined) {
    count += 1;
    scanner.skipSpace();
  }
  return count;
}

function readComparison(scanner: Scanner): PlacedComparison | FilterFault {
  const { at } = scanner;
  const field = scanner.take(FIELD);
  if (field === undefined)
    return filterFault(at, scanner.looksAt(/-/y) ? ONLY_AND : "must be a field to compare");
  if (field === "NOT") return filterFault(at, ONLY_AND);
  scanner.skipSpace();
  const operator = scanner.take(OPERATOR) as Operator | undefined;
  if (operator === undefined)
    return filterFault(scanner.at, "must be one of = != < <= > >= : behind a field");
  scanner.skipSpace();
  const valueAt = scanner.at;
  const literal = readLiteral(scanner);
  if (literal.kind === "fault") return literal;
  const { text, isPrefix } = literal;
  return { kind: "comparison", at, valueAt, field, operator, literal: { text, isPrefix } };
}
