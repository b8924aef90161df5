import { at, isObject, type Json, type JsonObject, textOf } from "./json.ts";
import { plain, table } from "./table.ts";

/** How results are written. */
export const OUTPUTS = ["table", "json", "yaml"] as const;
export type Output = (typeof OUTPUTS)[number];

/** What a result is shown with. */
export interface Showing {
  readonly output: Output;
  /** The columns of a table of several, by paths within one. */
  readonly columns?: readonly string[] | undefined;
  /** Fields of one message that are tables of their own. */
  readonly tables?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly colour?: boolean;
}

/** A result as text: one message, or several. */
export async function show(
  result: Json,
  { output, columns, tables, colour }: Showing,
): Promise<string> {
  if (output === "json") return `${JSON.stringify(result, undefined, 2)}\n`;
  if (output === "yaml") return (await import("yaml")).stringify(result);
  const bold = colour ? (text: string) => `\u001B[1m${text}\u001B[22m` : undefined;
  if (Array.isArray(result)) return severalOf(result as readonly Json[], columns ?? [], bold);
  if (isObject(result)) return withTables(result, tables ?? {}, bold);
  return `${inline(result)}\n`;
}

/** The message without those fields, then a table of each that has anything in it. */
function withTables(
  message: JsonObject,
  tables: NonNullable<Showing["tables"]>,
  bold: ((text: string) => string) | undefined,
): string {
  const rest = Object.entries(message).filter(([field]) => !Object.hasOwn(tables, field));
  const parts = Object.entries(tables).flatMap(([field, columns]) => {
    const items = message[field];
    if (!Array.isArray(items) || items.length === 0) return [];
    return [`${words(field)}\n${severalOf(items as readonly Json[], columns, bold)}`];
  });
  const first = oneOf(Object.fromEntries(rest));
  return [...(first === "" ? [] : [first]), ...parts].join("\n");
}

function severalOf(
  items: readonly Json[],
  columns: readonly string[],
  bold: ((text: string) => string) | undefined,
): string {
  if (items.length === 0) return "";
  const rows = items.map((item) => columns.map((path) => cell(at(item, path))));
  return table(columns.map(heading), rows, bold);
}

/** What is not told of a thing is empty; zero and no are told. */
function cell(value: Json | undefined): string {
  return value === undefined || value === "UNSPECIFIED" ? "" : inline(value);
}

/** Its fields below each other; what is empty is left out. */
function oneOf(message: JsonObject): string {
  const lines = linesOf(message, 0);
  const width = Math.max(0, ...lines.map(([label, value]) => (value === "" ? 0 : label.length)));
  return lines
    .map(([label, value]) => `${label.padEnd(value === "" ? 0 : width)}  ${value}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}

type Line = readonly [label: string, value: string];

function linesOf(message: JsonObject, depth: number): readonly Line[] {
  return Object.entries(message).flatMap(([field, value]): readonly Line[] => {
    if (isEmpty(value)) return [];
    const label = "  ".repeat(depth) + words(field);
    if (isObject(value)) return [[label, ""], ...linesOf(value, depth + 1)];
    if (!Array.isArray(value)) return [[label, inline(value)]];
    return (value as readonly Json[]).map((entry, n) => [n === 0 ? label : "", inline(entry)]);
  });
}

/** On one line: `dataflow`, or `feature diagrams, limit 200`. */
function inline(value: Json): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return (value as readonly Json[]).map(inline).join(", ");
  if (!isObject(value)) return plain(textOf(value)).replace(/(T\d{2}:\d{2}:\d{2})\.0+Z$/, "$1Z");
  return Object.entries(value)
    .filter(([, inner]) => !isEmpty(inner))
    .map(([field, inner]) => `${words(field)} ${inline(inner)}`)
    .join(", ");
}

/** Whether a field says nothing that a person would miss. */
function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return [null, "", "0", 0, false, "UNSPECIFIED"].includes(value as string);
}

function heading(path: string): string {
  return words(path.slice(path.lastIndexOf(".") + 1)).toUpperCase();
}

function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
