import { CsvError, parse as parseCsv } from "csv-parse/sync";
import { parse as parseYaml } from "yaml";
import { fileText } from "./flag-values.ts";
import { type Json, textOf } from "./json.ts";
import { UsageError } from "./usage-error.ts";

/** A resource as a file has it, in the JSON mapping. */
export interface ResourceRow {
  readonly externalId: string;
  readonly displayName: string;
  readonly kind: string;
}

/** The columns of a CSV file, or the members of each object of the others. */
const FIELDS = ["externalId", "displayName", "kind"] as const;

/**
 * The resources in a file: CSV with a header line if its name ends so, else a list in JSON or YAML.
 * A resource without a name is called as it calls itself.
 * @throws UsageError if it has no such list in it
 */
export function readResourcesFile(path: string): readonly ResourceRow[] {
  const text = fileText(path);
  const rows = /\.csv$/i.test(path) ? csvRows(text, path) : yamlRows(text, path);
  return rows.map((row, index) => resourceRow(row, `${path}: entry ${index + 1}`));
}

function csvRows(text: string, path: string): readonly unknown[] {
  try {
    return parseCsv(text, {
      bom: true,
      columns: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (thrown) {
    if (thrown instanceof CsvError) throw new UsageError(`${path}: ${thrown.message}`);
    throw thrown;
  }
}

function yamlRows(text: string, path: string): readonly unknown[] {
  let read: unknown;
  try {
    read = parseYaml(text, { schema: "failsafe" });
  } catch (thrown) {
    const [why] = thrown instanceof Error ? thrown.message.split("\n") : [];
    throw new UsageError(`${path}: ${why}`);
  }
  if (Array.isArray(read)) return read;
  throw new UsageError(`${path} has no list in it`);
}

function resourceRow(row: unknown, where: string): ResourceRow {
  const members = (row ?? {}) as Readonly<Record<string, Json>>;
  const unknown = Object.keys(members).find((key) => !FIELDS.some((field) => field === key));
  if (typeof row !== "object" || Array.isArray(row) || unknown !== undefined)
    throw new UsageError(`${where} is not made of ${FIELDS.join(", ")}`);
  const said = (field: (typeof FIELDS)[number]) => textOf(members[field] ?? "");
  const externalId = said("externalId");
  if (externalId === "") throw new UsageError(`${where} has no externalId`);
  return { externalId, displayName: said("displayName") || externalId, kind: said("kind") };
}
