import type { ListQuery } from "@leasehold/list-query";
import { expect, test } from "vitest";
import type { AccountField } from "../domain/account-list.ts";
import { accountQuery } from "./account-filter.ts";

test("what is said of customers is taken apart from the rest", () => {
  const compare = (field: AccountField, operator: "=" | "!=", value: string) =>
    ({ kind: "compare", field, operator, value }) as const;
  const asked: ListQuery<AccountField> = {
    pageSize: 7,
    filter: [
      compare("customer", "=", "a"),
      compare("email", "=", "ada@acme.example"),
      compare("customer", "!=", "b"),
      compare("customer", "=", "c"),
    ],
    order: [{ field: "email", isDescending: true }],
    after: ["x", "y"],
  };
  expect(accountQuery(asked)).toEqual({
    query: { ...asked, filter: [asked.filter[1]] },
    wanted: ["a", "c"],
    unwanted: ["b"],
  });
});
