import type { Condition } from "./condition.ts";
import type { OrderTerm } from "./order.ts";

/**
 * Where a page ends: the values that its last row is ordered by, then its key, as the store
 * writes them. Only the store reads it.
 */
export type Position = readonly (string | null)[];

/** A page of a list, as a store is asked for it. */
export interface ListQuery<Name extends string = string> {
  readonly pageSize: number;
  /** All of them hold. */
  readonly filter: readonly Condition<Name>[];
  readonly order: readonly OrderTerm<Name>[];
  /** The end of the page before; `undefined` for the first page. */
  readonly after: Position | undefined;
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where it ends, if there is more. */
  readonly next: Position | undefined;
}
