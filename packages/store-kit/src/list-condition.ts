import type { Condition, ListValue } from "@leasehold/list-query";
import type { Bind } from "./keyset.ts";

/** A condition of a filter as SQL. @param expression the field's column; SQL of ours */
export function listCondition(condition: Condition, expression: string, bind: Bind): string {
  if (condition.kind === "contains")
    return `${expression} ilike ${bind(`%${escapeLike(condition.part)}%`)}`;
  if (condition.kind === "prefix") {
    const starts = `(${expression} ^@ ${bind(condition.prefix)})`;
    return condition.isNegated ? `${starts} is not true` : starts;
  }
  // A row without the value differs from every value.
  const operator = condition.operator === "!=" ? "is distinct from" : condition.operator;
  return `${expression} ${operator} ${bindValue(condition.value, bind)}`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}

/** Texts take the column's own type: what stands for an id is one by now. */
function bindValue(value: ListValue, bind: Bind): string {
  // Whatever the width of the column.
  if (typeof value === "bigint") return `${bind(String(value))}::bigint`;
  if (typeof value === "number") return `${bind(new Date(value).toISOString())}::timestamptz`;
  if (typeof value === "boolean") return `${bind(value)}::boolean`;
  return bind(value);
}
