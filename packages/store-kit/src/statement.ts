import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Executor } from "./executor.ts";
import { inSpan } from "./spans.ts";

/** An SQL statement of a file, with the types of its rows and parameters. */
export interface Statement<Row, Params extends readonly unknown[]> {
  /** File name without `.sql`. */
  readonly name: string;
  readonly text: string;
  /** What the server calls it once prepared: differs wherever the text differs. */
  readonly preparedName: string;
  /** Types only; never a value. */
  readonly types?: { readonly row: Row; readonly params: Params };
}

/**
 * Reads a statement from its file: one statement, opened by a comment that is its
 * contract. `Row` and `Params` restate that contract for the compiler; a test that
 * prepares every file keeps the text valid.
 */
export function statement<Row, Params extends readonly unknown[] = []>(
  url: URL,
): Statement<Row, Params> {
  const text = readFileSync(url, "utf8");
  const name = basename(url.pathname, ".sql");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  // The server cuts names off at 63 bytes.
  return { name, text, preparedName: `${name.slice(0, 50)}_${digest}` };
}

/** Runs a statement, prepared once per session. Any number of rows. */
export function run<Row, Params extends readonly unknown[]>(
  executor: Executor,
  { name, text, preparedName }: Statement<Row, Params>,
  params: Params,
): Promise<readonly Row[]> {
  return inSpan(`postgres.${name}`, "postgresql", () =>
    executor.query<Row>({ name: preparedName, text, values: [...params] }),
  );
}

/** Runs a statement that gives none or one row. */
export async function first<Row, Params extends readonly unknown[]>(
  executor: Executor,
  statement: Statement<Row, Params>,
  params: Params,
): Promise<Row | undefined> {
  const rows = await run(executor, statement, params);
  if (rows.length > 1) throw new Error(`${statement.name} gave ${rows.length} rows`);
  return rows[0];
}

/** Runs a statement that gives exactly one row. */
export async function one<Row, Params extends readonly unknown[]>(
  executor: Executor,
  statement: Statement<Row, Params>,
  params: Params,
): Promise<Row> {
  const row = await first(executor, statement, params);
  if (row === undefined) throw new Error(`${statement.name} gave no row`);
  return row;
}
