import type { Operator } from "./comparison.ts";
import type { Field, ListValue } from "./field.ts";
import { filterFault, type FilterFault } from "./filter-fault.ts";
import type { PlacedComparison } from "./parse-filter.ts";

/** What every row of a list has to fulfil. A row without the value differs from every value. */
export type Condition<Name extends string = string> =
  | {
      readonly kind: "compare";
      readonly field: Name;
      readonly operator: Exclude<Operator, ":">;
      readonly value: ListValue;
    }
  | {
      readonly kind: "prefix";
      readonly field: Name;
      readonly isNegated: boolean;
      readonly prefix: string;
    }
  /** Regardless of case. */
  | { readonly kind: "contains"; readonly field: Name; readonly part: string };

/** What a comparison means for the fields of a list. */
export function readCondition<Name extends string>(
  fields: ReadonlyMap<Name, Field>,
  comparison: PlacedComparison,
): Condition<Name> | FilterFault {
  const { at, valueAt, operator, literal } = comparison;
  const [name, field] = fields.entries().find(([known]) => known === comparison.field) ?? [];
  if (name === undefined || field === undefined)
    return filterFault(at, `must be one of the fields ${[...fields.keys()].join(", ")}`);
  if (!field.operators.includes(operator))
    return filterFault(at, `this field is compared by ${field.operators.join(" ")}`);
  const takesPrefix = field.hasPrefixes && (operator === "=" || operator === "!=");
  if (literal.isPrefix && !takesPrefix)
    return filterFault(valueAt, "a * is for texts that are compared by = or !=");
  const value = field.read(literal.text);
  if (value === undefined) return filterFault(valueAt, field.rule);
  if (operator === ":") return { kind: "contains", field: name, part: String(value) };
  if (literal.isPrefix)
    return { kind: "prefix", field: name, isNegated: operator === "!=", prefix: String(value) };
  return { kind: "compare", field: name, operator, value };
}
