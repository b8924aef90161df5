import { createHash } from "node:crypto";
import type { ListQuery, Page, Position } from "@leasehold/list-query";
import type { Executor } from "./executor.ts";
import type { KeysetTerm } from "./keyset.ts";
import { pageStatement } from "./list-page.ts";
import type { ListStatement } from "./list-statement.ts";
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
  const { text, values, terms } = pageStatement(list, query, params);
  const name = preparedName(list, text);
  // One row more than the page tells whether there is a next one.
  const rows = await inSpan(`postgres.${list.name}`, "postgresql", () =>
    executor.query<Row & ListedRow>({ name, text, values: [...values] }),
  );
  const items = rows.slice(0, query.pageSize);
  const last = rows.length > query.pageSize ? items.at(-1) : undefined;
  return { items, next: last && checkedPosition(list.name, terms, last.list_position) };
}

interface ListedRow {
  readonly list_position: Position;
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
