/** How a field is compared; `:` asks whether a text has a part. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":";

/** A value as it stands in a filter, its quotes and escapes resolved. */
export interface Literal {
  readonly text: string;
  /** Whether a `*` stands at its end, for whatever comes there. */
  readonly isPrefix: boolean;
}

/** One comparison of a filter, before anybody knows what the field is. */
export interface Comparison {
  readonly field: string;
  readonly operator: Operator;
  readonly literal: Literal;
}

/** The filter that reads as these comparisons: one text for all ways to write it. */
export function printFilter(comparisons: readonly Comparison[]): string {
  return comparisons
    .map(({ field, operator, literal }) => `${field} ${operator} ${printLiteral(literal)}`)
    .join(" AND ");
}

function printLiteral({ text, isPrefix }: Literal): string {
  return `"${text.replaceAll(/["\\*]/g, "\\$&")}${isPrefix ? "*" : ""}"`;
}
