export {
  boolean,
  type Field,
  integer,
  type ListValue,
  oneOf,
  reference,
  text,
  time,
} from "./field.ts";
export type { Condition } from "./condition.ts";
export { defineList, type FieldOf, type ListDefinition } from "./define-list.ts";
export type { ListQuery, Page, Position } from "./list-query.ts";
export type { OrderTerm } from "./order.ts";
export { type PageTokens, pageTokens } from "./page-tokens.ts";
export {
  type ListCall,
  type ListReading,
  type ListRequest,
  readList,
  type Violations,
} from "./read-list.ts";
