import {
  type Condition,
  type Field,
  type ListDefinition,
  type ListQuery,
  type ListValue,
  type OrderTerm,
} from "@leasehold/list-query";
import { isProblem } from "@leasehold/kernel";
import { pageStatement } from "./list-page.ts";
import type { ListStatement } from "./list-statement.ts";
import type { Postgres } from "./postgres.ts";

/** A value of each kind of field. */
const SAMPLES = {
  text: "x",
  word: "x",
  reference: "x",
  time: 0,
  integer: 0n,
  boolean: true,
} as const satisfies Record<Field["kind"], ListValue>;

/**
 * Lets the server prepare a list for each comparison of each field and each order, both ways,
 * and tells what it refuses: misspelt columns, types that do not fit.
 */
export async function listPreparationFaults<Name extends string>(
  postgres: Postgres,
  definition: ListDefinition<Name>,
  list: ListStatement<unknown, readonly unknown[], Name>,
): Promise<readonly string[]> {
  const params = parametersOf(list.text);
  return postgres.session(async (session) => {
    const faults: string[] = [];
    for (const [what, query] of queriesOf(definition)) {
      const { text } = pageStatement(list, query, params);
      try {
        await session.command(`prepare page as ${text}`);
        await session.command("deallocate page");
      } catch (error) {
        if (isProblem(error)) throw error;
        faults.push(`${list.name}, ${what}: ${error instanceof Error ? error.message : "refused"}`);
      }
    }
    return faults;
  });
}

/** As many as the base select has; only their number matters. */
function parametersOf(text: string): readonly unknown[] {
  const numbers = Array.from(text.matchAll(/\$(\d+)/g), ([, digits]) => Number(digits));
  return Array.from({ length: Math.max(0, ...numbers) });
}

function queriesOf<Name extends string>({
  fields,
  orderable,
  defaultOrder,
}: ListDefinition<Name>): readonly (readonly [what: string, ListQuery<Name>])[] {
  const page = { pageSize: 1, filter: [], after: undefined };
  const filters = fields
    .entries()
    .flatMap(([name, field]) =>
      conditionsOf(name, field).map(
        (condition) =>
          [`filtered by ${name}`, { ...page, filter: [condition], order: defaultOrder }] as const,
      ),
    );
  const terms = orderable.flatMap((field): OrderTerm<Name>[] => [
    { field, isDescending: false },
    { field, isDescending: true },
  ]);
  const orders = terms.map(
    (term) => [`ordered by ${term.field}`, { ...page, order: [term], after: ["x", "x"] }] as const,
  );
  return [...filters, ...orders];
}

function conditionsOf<Name extends string>(field: Name, kind: Field): readonly Condition<Name>[] {
  const value = SAMPLES[kind.kind];
  return kind.operators.map((operator) =>
    operator === ":"
      ? { kind: "contains", field, part: "x" }
      : { kind: "compare", field, operator, value },
  );
}
