import { printFilter } from "./comparison.ts";
import { type Condition, readCondition } from "./condition.ts";
import type { ListDefinition } from "./define-list.ts";
import { describeFault } from "./filter-fault.ts";
import type { ListQuery, Page, Position } from "./list-query.ts";
import { type OrderTerm, parseOrder, printOrder } from "./order.ts";
import type { PageTokens, TokenScope } from "./page-tokens.ts";
import { parseFilter } from "./parse-filter.ts";

/** How many a page has if the request does not say, and how many at most. */
const PAGE_SIZE = { unsaid: 50, max: 500 } as const;

/** The fields that the requests of List methods have. */
export interface ListRequest {
  readonly pageSize: number;
  readonly pageToken: string;
  readonly filter?: string;
  readonly orderBy?: string;
}

/** Where violations of a request are noted; a `Check`. */
export interface Violations {
  violation(field: string, description: string): void;
}

/** Which list it is; a token of one is good for no other. */
export interface ListCall {
  readonly tokens: PageTokens;
  /** The method's name, for example `ListLicenses`. */
  readonly method: string;
  /** The resource name of what is listed in; empty if there is none. */
  readonly parent: string;
}

/** What a request asks for, and how its answer goes on. */
export interface ListReading<Name extends string = string> {
  readonly query: ListQuery<Name>;
  /** The `next_page_token` of a page; empty if there is no more. */
  readonly nextPageToken: (page: Pick<Page<unknown>, "next">) => string;
}

/** Reads `page_size`, `page_token`, `filter` and `order_by`, and notes every violation. */
export function readList<Name extends string>(
  check: Violations,
  list: ListDefinition<Name>,
  request: ListRequest,
  { tokens, method, parent }: ListCall,
): ListReading<Name> {
  const pageSize = readPageSize(check, request.pageSize);
  const filter = readFilter(check, list, request.filter ?? "");
  const order = readOrder(check, list, request.orderBy ?? "");
  const scope = { method, parent, filter: filter?.printed ?? "", order: printOrder(order ?? []) };
  // Without filter and order nobody can tell what a token is good for.
  const after = filter && order && readToken(check, tokens, scope, request.pageToken);
  return {
    query: {
      pageSize,
      filter: filter?.conditions ?? [],
      order: order ?? list.defaultOrder,
      after,
    },
    nextPageToken: ({ next }) => (next === undefined ? "" : tokens.write(scope, next)),
  };
}

function readPageSize(check: Violations, size: number): number {
  if (size < 0) check.violation("page_size", "must not be negative");
  return size === 0 ? PAGE_SIZE.unsaid : Math.min(size, PAGE_SIZE.max);
}

interface ReadFilter<Name extends string> {
  readonly conditions: readonly Condition<Name>[];
  readonly printed: string;
}

function readFilter<Name extends string>(
  check: Violations,
  { fields }: ListDefinition<Name>,
  filter: string,
): ReadFilter<Name> | undefined {
  const parsed = parseFilter(filter);
  const read =
    parsed.kind === "fault"
      ? [parsed]
      : parsed.comparisons.map((comparison) => readCondition(fields, comparison));
  const faults = read.filter((result) => result.kind === "fault");
  for (const fault of faults) check.violation("filter", describeFault(filter, fault));
  if (parsed.kind === "fault" || faults.length > 0) return undefined;
  const conditions = read.filter((result) => result.kind !== "fault");
  return { conditions, printed: printFilter(parsed.comparisons) };
}

function readOrder<Name extends string>(
  check: Violations,
  { orderable, defaultOrder }: ListDefinition<Name>,
  orderBy: string,
): readonly OrderTerm<Name>[] | undefined {
  if (orderBy.trim() === "") return defaultOrder;
  const order = parseOrder(orderBy, orderable);
  if (order === undefined)
    check.violation(
      "order_by",
      `must be a comma-separated list of some of ${orderable.join(", ")}, none twice, each may be followed by " desc"`,
    );
  return order;
}

function readToken(
  check: Violations,
  tokens: PageTokens,
  scope: TokenScope,
  token: string,
): Position | undefined {
  if (token === "") return undefined;
  const position = tokens.read(scope, token);
  if (position === undefined)
    check.violation(
      "page_token",
      "must be the next_page_token of a page of the same list, filter and order",
    );
  return position;
}
