import type { FieldViolation } from "@leasehold/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boolean, integer, oneOf, reference, text, time } from "./field.ts";
import { defineList } from "./define-list.ts";
import { pageTokens } from "./page-tokens.ts";
import { type ListCall, type ListRequest, readList } from "./read-list.ts";

const LIST = defineList({
  fields: {
    display_name: text(),
    state: oneOf({ ACTIVE: "active", CLOSED: "closed" }),
    product: reference("products/{product}", (name) => /^products\/(\w+)$/.exec(name)?.[1]),
    create_time: time(),
    seats: integer(),
    trial: boolean(),
  },
  orderable: ["display_name", "create_time", "sequence"],
  defaultOrder: "create_time desc",
});
const CALL: ListCall = {
  tokens: pageTokens(new Uint8Array(32)),
  method: "ListThings",
  parent: "customers/c",
};
const REQUEST: Required<ListRequest> = { pageSize: 0, pageToken: "", filter: "", orderBy: "" };

function read(request: Partial<ListRequest>, call: Partial<ListCall> = {}) {
  const violations: FieldViolation[] = [];
  const violation = (field: string, description: string) =>
    void violations.push({ field, description });
  const reading = readList({ violation }, LIST, { ...REQUEST, ...request }, { ...CALL, ...call });
  return { ...reading, violations, fields: violations.map(({ field }) => field) };
}

const conditionsOf = (filter: string) => {
  const { query, violations } = read({ filter });
  expect(violations).toEqual([]);
  return query.filter;
};

test.each([
  [0, 50],
  [1, 1],
  [500, 500],
  [501, 500],
  [2_147_483_647, 500],
])("a page size of %d means %d", (pageSize, size) => {
  expect(read({ pageSize }).query.pageSize).toBe(size);
});

test("a negative page size is refused", () => {
  expect(read({ pageSize: -1 }).fields).toEqual(["page_size"]);
});

test("a filter says what holds of every row, in the words of the domain", () => {
  expect(
    conditionsOf(
      'display_name : Ac AND state = CLOSED AND product != products/studio AND create_time >= "2026-01-01T00:00:00Z" AND seats < 9007199254740993 AND trial = true AND display_name = "Zo*" AND display_name != "x*"',
    ),
  ).toEqual([
    { kind: "contains", field: "display_name", part: "Ac" },
    { kind: "compare", field: "state", operator: "=", value: "closed" },
    { kind: "compare", field: "product", operator: "!=", value: "studio" },
    { kind: "compare", field: "create_time", operator: ">=", value: Date.UTC(2026, 0, 1) },
    { kind: "compare", field: "seats", operator: "<", value: 9007199254740993n },
    { kind: "compare", field: "trial", operator: "=", value: true },
    { kind: "prefix", field: "display_name", isNegated: false, prefix: "Zo" },
    { kind: "prefix", field: "display_name", isNegated: true, prefix: "x" },
  ]);
});

test("texts are compared in the form that they are stored in", () => {
  const decomposed = "Zoe\u0308";
  expect(conditionsOf(`display_name = "${decomposed}"`)).toMatchObject([{ value: "Zo\u00eb" }]);
});

test.each([
  ["nonsense = 1", "at character 1: must be one of the fields display_name, state"],
  ["__proto__ = 1", "at character 1: must be one of the fields"],
  ["constructor = 1", "at character 1: must be one of the fields"],
  ["sequence = 1", "at character 1: must be one of the fields"],
  ["state > ACTIVE", "at character 1: this field is compared by = !="],
  ["seats : 3", "at character 1: this field is compared by = != < <= > >="],
  ["state = active", "at character 9: must be one of ACTIVE, CLOSED"],
  ["state = toString", "at character 9: must be one of ACTIVE, CLOSED"],
  ["state = ACTIVE*", "at character 9: a * is for texts"],
  ["display_name : a*", "at character 16: a * is for texts that are compared by = or !="],
  ["product = studio", "at character 11: must be products/{product}"],
  ["create_time > 2026", "at character 15: must be a time of RFC 3339"],
  ["seats = 3.5", "at character 9: must be a whole number of 64 bits"],
  ["seats = 9223372036854775808", "at character 9: must be a whole number of 64 bits"],
  ["trial = yes", "at character 9: must be true or false"],
  ["display_name", "at character 13: must be one of ="],
])("the filter %j is refused", (filter, description) => {
  const { violations } = read({ filter });
  expect(violations).toEqual([
    { field: "filter", description: expect.stringContaining(description) as unknown },
  ]);
});

test("everything that is wrong is told at once, and a token is not judged by it", () => {
  const { fields } = read({
    pageSize: -5,
    pageToken: "x",
    filter: "a = 1 AND seats = x",
    orderBy: "seats",
  });
  expect(fields).toEqual(["page_size", "filter", "filter", "order_by"]);
});

test.each([
  ["", [["create_time", true]]],
  ["  ", [["create_time", true]]],
  ["display_name", [["display_name", false]]],
  [
    " display_name   desc ,sequence",
    [
      ["display_name", true],
      ["sequence", false],
    ],
  ],
])("the order %j is read", (orderBy, terms) => {
  const { query, violations } = read({ orderBy });
  expect(violations).toEqual([]);
  expect(query.order.map(({ field, isDescending }) => [field, isDescending])).toEqual(terms);
});

test.each([
  "seats",
  "display_name asc",
  "display_name DESC",
  "display_name,",
  ",",
  "display_name, display_name desc",
  "display_name create_time",
  "display_name,create_time,sequence,display_name",
  "display_name; drop table customer",
  "toString",
  "display_namedesc",
])("the order %j is refused", (orderBy) => {
  expect(read({ orderBy }).fields).toEqual(["order_by"]);
});

test("a page token goes on where the page ended", () => {
  const request = { filter: "seats>3", orderBy: "display_name" };
  const reading = read(request);
  const pageToken = reading.nextPageToken({ next: ["Ann", "7"] });
  expect(read({ ...request, pageToken }).query.after).toEqual(["Ann", "7"]);
  expect(
    read({ filter: ' ( seats > "3" ) ', orderBy: " display_name", pageToken }).query.after,
  ).toEqual(["Ann", "7"]);
  expect(reading.nextPageToken({ next: undefined })).toBe("");
});

test.each<[string, Partial<ListRequest>, Partial<ListCall>]>([
  ["method", {}, { method: "ListOthers" }],
  ["parent", {}, { parent: "customers/d" }],
  ["filter", { filter: "seats > 4" }, {}],
  ["order", { orderBy: "display_name desc" }, {}],
])("a page token of another %s is refused", (_, request, call) => {
  const mine = { filter: "seats > 3", orderBy: "display_name" };
  const pageToken = read(mine).nextPageToken({ next: ["Ann", "7"] });
  expect(read({ ...mine, pageToken, ...request }, call).fields).toEqual(["page_token"]);
});

test("a refusal never quotes what was given", () => {
  const canary = "canary7";
  const place = fc.constantFrom(
    (text: string) => ({ filter: text }),
    (text: string) => ({ filter: `display_name = ${text}` }),
    (text: string) => ({ filter: `seats > "${text}"` }),
    (text: string) => ({ orderBy: text }),
    (text: string) => ({ pageToken: text }),
  );
  fc.assert(
    fc.property(place, fc.string(), fc.string(), (request, before, after) => {
      const { violations } = read(request(before + canary + after));
      expect(JSON.stringify(violations)).not.toContain(canary);
    }),
  );
});

test("a list whose default order is none cannot be declared", () => {
  expect(() => defineList({ fields: {}, orderable: ["a"], defaultOrder: "b" })).toThrow("b");
});
