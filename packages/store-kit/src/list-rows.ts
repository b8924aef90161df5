import { createHash } from "node:crypto";
import type { ListQuery, Page, Position } from "@leasehold/list-query";
import type { Executor } from "./executor.ts";
import { type Bind, keysetCondition, keysetOrder, type KeysetTerm } from "./keyset.ts";
import { listCondition } from "./list-condition.ts";
import type { ListColumns, ListStatement } from "./list-statement.ts";
import { inSpan } from "./spans.ts";

/** More would only cost each session memory: what is asked for often comes first. */
const NAMED_MAX = 64;

/**
 * One page of a list. Rows that are there all the while come exactly once over all pages,
 * whatever is inserted and deleted meanwhile.
 * @param params those of the base select
 */
export async function listRows<Row, Params extends readonly unknown[], Name extends string>(
  executor: Executor,
  list: ListStatement<Row, Params, Name>,
  query: ListQuery<Name>,
  params: Params,
): Promise<Page<Row>> {
  const values: unknown[] = [...params];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const terms = keysetTerms(list, query);
  const text = pageText(list, query, terms, bind);
  const name = preparedName(list, text);
  // One row more than the page tells whether there is a next one.
  const rows = await inSpan(`postgres.${list.name}`, "postgresql", () =>
    executor.query<Row & ListedRow>({ name, text, values }),
  );
  const items = rows.slice(0, query.pageSize);
  const last = rows.length > query.pageSize ? items.at(-1) : undefined;
  return { items, next: last && checkedPosition(list.name, terms, last.list_position) };
}

interface ListedRow {
  readonly list_position: Position;
}

function pageText<Name extends string>(
  list: ListStatement<unknown, readonly unknown[], Name>,
  { filter, after, pageSize }: ListQuery<Name>,
  terms: readonly KeysetTerm[],
  bind: Bind,
): string {
  const conditions = filter.map((condition) =>
    listCondition(condition, columnOf(list, condition.field).expression, bind),
  );
  if (after !== undefined) conditions.push(keysetCondition(terms, after, bind));
  // As text, which is exact: the driver's own values of times end at the millisecond.
  const position = terms.map(({ expression }) => `(${expression})::text`).join(", ");
  return [
    `select *, array[${position}] as list_position from (\n${list.text}\n) as listed`,
    ...(conditions.length > 0 ? [`where ${conditions.join(" and ")}`] : []),
    `order by ${keysetOrder(terms)}`,
    `limit ${bind(pageSize + 1)}`,
  ].join("\n");
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

/** Rows with a null that nobody reckoned with would be missing from later pages. */
function checkedPosition(name: string, terms: readonly KeysetTerm[], position: Position): Position {
  const broken = terms.find(({ isNullable }, index) => position[index] === null && !isNullable);
  if (broken !== undefined)
    throw new Error(`${name}: ${broken.expression} is null, and is not said to be nullable`);
  return position;
}

/** `undefined` once there are too many: callers choose the texts, and sessions keep what has a name. */
function preparedName(
  { name, named }: Pick<ListStatement<unknown, readonly unknown[], string>, "name" | "named">,
  text: string,
): string | undefined {
  const known = named.get(text);
  if (known !== undefined || named.size >= NAMED_MAX) return known;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  // The server cuts names off at 63 bytes.
  const made = `${name.slice(0, 50)}_${digest}`;
  named.set(text, made);
  return made;
}
