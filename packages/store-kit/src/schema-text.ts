import type { Executor } from "./executor.ts";
import { run, statement } from "./statement.ts";

const describeTables = statement<{
  readonly name: string;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
}>(new URL("../sql/describe_tables.sql", import.meta.url));
const describeOtherObjects = statement<{ readonly ddl: string }>(
  new URL("../sql/describe_other_objects.sql", import.meta.url),
);

/**
 * The schema as DDL, from the catalogue and in a stable order: tables, indexes, functions,
 * triggers. What migrations made, to be compared with what a file says they make.
 */
export async function schemaText(executor: Executor): Promise<string> {
  const tables = await run(executor, describeTables, []);
  const others = await run(executor, describeOtherObjects, []);
  const statements = [
    ...tables.map(
      ({ name, columns, constraints }) =>
        `create table ${name} (\n  ${[...columns, ...constraints].join(",\n  ")}\n)`,
    ),
    ...others.map(({ ddl }) => ddl.trimEnd()),
  ];
  return statements.map((text) => `${text};\n`).join("\n");
}
