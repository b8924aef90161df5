import type { ListQuery } from "@leasehold/list-query";
import { type Bind, keysetCondition, keysetOrder, type KeysetTerm } from "./keyset.ts";
import { listCondition } from "./list-condition.ts";
import type { ListColumns, ListStatement } from "./list-statement.ts";

/** The statement of one page. */
interface PageStatement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** What it orders by, and tells the position in. */
  readonly terms: readonly KeysetTerm[];
}

/**
 * Writes the statement of one page around the base select. Text of a request never gets into
 * it: columns come from the list's own table, everything else is a parameter.
 * @param params those of the base select
 */
export function pageStatement<Name extends string>(
  list: ListStatement<unknown, readonly unknown[], Name>,
  query: ListQuery<Name>,
  params: readonly unknown[],
): PageStatement {
  const { filter, after, pageSize } = query;
  const values: unknown[] = [...params];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const terms = keysetTerms(list, query);
  const conditions = filter.map((condition) =>
    listCondition(condition, columnOf(list, condition.field).expression, bind),
  );
  if (after !== undefined) conditions.push(keysetCondition(terms, after, bind));
  // As text, which is exact: the driver's own values of times end at the millisecond.
  const position = terms.map(({ expression }) => `(${expression})::text`).join(", ");
  const text = [
    `select *, array[${position}] as list_position from (\n${list.text}\n) as listed`,
    ...(conditions.length > 0 ? [`where ${conditions.join(" and ")}`] : []),
    `order by ${keysetOrder(terms)}`,
    `limit ${bind(pageSize + 1)}`,
  ].join("\n");
  return { text, values, terms };
}

/** The key makes the order total; it goes the way of the term before it, as an index would. */
function keysetTerms<Name extends string>(
  list: ListColumns<Name>,
  { order }: ListQuery<Name>,
): readonly KeysetTerm[] {
  const terms = order.map(({ field, isDescending }) => ({
    ...columnOf(list, field),
    isDescending,
  }));
  const keyAt = terms.findIndex(({ expression }) => expression === list.key);
  if (keyAt >= 0) return terms.slice(0, keyAt + 1);
  const isDescending = terms.at(-1)?.isDescending ?? false;
  return [...terms, { expression: list.key, isNullable: false, isDescending }];
}

function columnOf<Name extends string>({ columns }: ListColumns<Name>, field: Name) {
  const column = columns[field];
  return typeof column === "string"
    ? { expression: column, isNullable: false }
    : { expression: column.nullable, isNullable: true };
}
