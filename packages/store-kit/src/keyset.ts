import type { Position } from "@leasehold/list-query";

/** What rows are ordered by; SQL of ours. */
export interface KeysetTerm {
  readonly expression: string;
  readonly isNullable: boolean;
  readonly isDescending: boolean;
}

/** Adds a parameter to the statement; gives what stands for it, for example `$3`. */
export type Bind = (value: unknown) => string;

/** The order as SQL. Nulls stand where the server puts them: behind everything, or first if descending. */
export function keysetOrder(terms: readonly KeysetTerm[]): string {
  return terms
    .map(({ expression, isDescending }) => `${expression}${isDescending ? " desc" : ""}`)
    .join(", ");
}

/**
 * The condition for rows that come behind a position. Written so that an index in the order
 * is read from there on, as far as the server can.
 * @param position a value for each term; what is beyond them is left alone
 */
export function keysetCondition(
  terms: readonly KeysetTerm[],
  position: Position,
  bind: Bind,
): string {
  // A null that is only missing would silently leave rows out.
  if (position.length < terms.length) throw new Error("a position of another order");
  const [leading] = terms;
  const bound = terms.map((term, index): BoundTerm => {
    const value = position[index] ?? null;
    return { ...term, value: value === null ? undefined : bind(value) };
  });
  const isUniform = terms.every(
    ({ isDescending, isNullable }) => !isNullable && isDescending === leading?.isDescending,
  );
  return isUniform ? rowComparison(bound) : expanded(bound);
}

/** A term with the parameter that holds its value; `undefined` for null. */
interface BoundTerm extends KeysetTerm {
  readonly value: string | undefined;
}

function rowComparison(terms: readonly BoundTerm[]): string {
  const row = terms.map(({ expression }) => expression).join(", ");
  const values = terms.map(({ value }) => value).join(", ");
  return `(${row}) ${terms[0]?.isDescending ? "<" : ">"} (${values})`;
}

/** Behind in the first term, or the same there and behind in the second, and so on. */
function expanded(terms: readonly BoundTerm[]): string {
  const cases = terms.map((term, index) =>
    [...terms.slice(0, index).map(same), behind(term)].join(" and "),
  );
  const either = `(${cases.map((each) => `(${each})`).join(" or ")})`;
  const start = terms[0] && notBefore(terms[0]);
  return start === undefined ? either : `${start} and ${either}`;
}

function same({ expression, value }: BoundTerm): string {
  return value === undefined ? `${expression} is null` : `${expression} = ${value}`;
}

function behind({ expression, isNullable, isDescending, value }: BoundTerm): string {
  if (value === undefined) return isDescending ? `${expression} is not null` : "false";
  if (isDescending) return `${expression} < ${value}`;
  return isNullable
    ? `(${expression} > ${value} or ${expression} is null)`
    : `${expression} > ${value}`;
}

/** Follows from the cases, but is what the server can begin to read an index with. */
function notBefore({ expression, isNullable, isDescending, value }: BoundTerm): string | undefined {
  if (value === undefined) return isDescending ? undefined : `${expression} is null`;
  if (isDescending) return `${expression} <= ${value}`;
  return isNullable ? undefined : `${expression} >= ${value}`;
}
