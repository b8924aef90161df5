import type { Condition, ListQuery } from "@leasehold/list-query";
import type { AccountField } from "../domain/account-list.ts";

/** The fields of an account that are columns; the customers that it acts for are rows of their own. */
export type AccountColumn = Exclude<AccountField, "customer">;

/** A query of accounts, what it says of customers apart from the rest. */
export interface AccountQuery {
  readonly query: ListQuery<AccountColumn>;
  /** The accounts act for all of these, */
  readonly wanted: readonly string[];
  /** and for none of these. */
  readonly unwanted: readonly string[];
}

/** Takes apart what is asked of accounts. */
export function accountQuery(query: ListQuery<AccountField>): AccountQuery {
  const named = (operator: string) =>
    query.filter.flatMap((condition) =>
      condition.kind === "compare" &&
      condition.field === "customer" &&
      condition.operator === operator
        ? [String(condition.value)]
        : [],
    );
  return {
    query: {
      ...query,
      filter: query.filter.filter(isOfColumn),
      order: query.order.flatMap(({ field, isDescending }) =>
        field === "customer" ? [] : [{ field, isDescending }],
      ),
    },
    wanted: named("="),
    unwanted: named("!="),
  };
}

function isOfColumn(condition: Condition<AccountField>): condition is Condition<AccountColumn> {
  return condition.field !== "customer";
}
