import type { Executor } from "./executor.ts";
import { run, statement } from "./statement.ts";

const describeTables = statement<{
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
}>(new URL("../sql/describe_tables.sql", import.meta.url));
const describeOtherObjects = statement<{ readonly ddl: string }>(
  new URL("../sql/describe_other_objects.sql", import.meta.url),
);

/** Longest line of a comment. */
const WIDTH = 100;

/**
 * The schema as DDL, from the catalogue and in a stable order: tables, each under its comment,
 * indexes, functions, triggers. What migrations made, to be compared with what a file says they make.
 */
export async function schemaText(executor: Executor): Promise<string> {
  const tables = await run(executor, describeTables, []);
  const others = await run(executor, describeOtherObjects, []);
  const statements = [
    ...tables.map(
      ({ name, comment, columns, constraints }) =>
        `${commentLines(comment)}create table ${name} (\n  ${[...columns, ...constraints].join(",\n  ")}\n)`,
    ),
    ...others.map(({ ddl }) => ddl.trimEnd()),
  ];
  return statements.map((text) => `${text};\n`).join("\n");
}

/** The tables of the current schema that nobody has said what they are. */
export async function tablesWithoutComment(executor: Executor): Promise<readonly string[]> {
  const tables = await run(executor, describeTables, []);
  return tables.filter(({ comment }) => !comment).map(({ name }) => name);
}

function commentLines(comment: string | null): string {
  const lines: string[] = [];
  for (const word of comment?.split(/\s+/) ?? []) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`-- ${word}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
