import { statement } from "./statement.ts";

/** What the base select of a list calls the fields, as expressions of its own result columns. */
export interface ListColumns<Name extends string = string> {
  /** A column that may be null says so: rows without the value come last, or first in a descending order. */
  readonly columns: Readonly<Record<Name, string | NullableColumn>>;
  /** A column that no two rows share and that is never null. */
  readonly key: string;
}

/** A column with nulls. */
export interface NullableColumn {
  readonly nullable: string;
}

/** The base select of a list, with the types of its rows and parameters. */
export interface ListStatement<
  Row,
  Params extends readonly unknown[],
  Name extends string,
> extends ListColumns<Name> {
  /** File name without `.sql`. */
  readonly name: string;
  readonly text: string;
  /** The texts that were made of it and are prepared by name; a bounded number. */
  readonly named: Map<string, string>;
  /** Types only; never a value. */
  readonly types?: { readonly row: Row; readonly params: Params };
}

/**
 * Reads the base select of a list from its file: every row that could ever be listed, without
 * `order by` and `limit`, with every column that `columns` names. `listRows` selects from it;
 * the server sees through that, so that indexes are used as if the conditions stood in it.
 * That is not so of a select that groups, or counts over windows.
 */
export function listStatement<
  Row,
  Params extends readonly unknown[] = [],
  Name extends string = string,
>(url: URL, columns: ListColumns<Name>): ListStatement<Row, Params, Name> {
  const { name, text } = statement<Row, Params>(url);
  return { ...columns, name, text, named: new Map() };
}
