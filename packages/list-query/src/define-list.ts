import type { Field } from "./field.ts";
import { type OrderTerm, parseOrder } from "./order.ts";

/** What a List method may be asked for. */
export interface ListDefinition<Name extends string = string> {
  /** What a filter may compare. */
  readonly fields: ReadonlyMap<Name, Field>;
  readonly orderable: readonly Name[];
  /** Where the request names no order. */
  readonly defaultOrder: readonly OrderTerm<Name>[];
}

/** The names of a list's fields, those that are filtered and those that are ordered by. */
export type FieldOf<List> = List extends ListDefinition<infer Name> ? Name : never;

/**
 * Declares a list by the names that the contract gives its fields. A field may be ordered by
 * without being filtered.
 * @param defaultOrder of the same form as `order_by`, of orderable fields
 * @throws Error if the default order is none
 */
export function defineList<const Filtered extends string, const Ordered extends string>({
  fields,
  orderable,
  defaultOrder,
}: {
  readonly fields: Readonly<Record<Filtered, Field>>;
  readonly orderable: readonly Ordered[];
  readonly defaultOrder: string;
}): ListDefinition<Filtered | Ordered> {
  const order = parseOrder(defaultOrder, orderable);
  if (order === undefined) throw new Error(`not an order of this list: ${defaultOrder}`);
  const entries = Object.entries<Field>(fields) as [Filtered, Field][];
  return { fields: new Map(entries), orderable, defaultOrder: order };
}
