import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Comparison, type Operator, printFilter } from "./comparison.ts";
import { describeFault } from "./filter-fault.ts";
import { COMPARISONS_MAX, FILTER_LENGTH_MAX, parseFilter } from "./parse-filter.ts";

function comparisonsOf(filter: string): readonly Comparison[] {
  const parsed = parseFilter(filter);
  if (parsed.kind === "fault") throw new Error(describeFault(filter, parsed));
  return parsed.comparisons.map(({ field, operator, literal }) => ({ field, operator, literal }));
}

function faultOf(filter: string): string {
  const parsed = parseFilter(filter);
  if (parsed.kind !== "fault") throw new Error("was parsed");
  return describeFault(filter, parsed);
}

const one = (field: string, operator: Operator, text: string, isPrefix = false) => [
  { field, operator, literal: { text, isPrefix } },
];

test.each([
  ['a = "x"', one("a", "=", "x")],
  ["a = 'x'", one("a", "=", "x")],
  ["a=x", one("a", "=", "x")],
  ["  ( ( a != x ) )  ", one("a", "!=", "x")],
  ["licensee.name:acme", one("licensee.name", ":", "acme")],
  ["t>=2026-01-01T00:00:00+02:00", one("t", ">=", "2026-01-01T00:00:00+02:00")],
  ["seats < -3", one("seats", "<", "-3")],
  ["p = products/studio", one("p", "=", "products/studio")],
  [String.raw`a = "say \"x\" \\ \*"`, one("a", "=", String.raw`say "x" \ *`)],
  [`a = "it's"`, one("a", "=", "it's")],
  ['a = "abc*"', one("a", "=", "abc", true)],
  ["a = abc*", one("a", "=", "abc", true)],
  [String.raw`a = "abc\*"`, one("a", "=", "abc*")],
  ['a = ""', one("a", "=", "")],
  ['a = "AND"', one("a", "=", "AND")],
  ['a = "x\n(y)"', one("a", "=", "x\n(y)")],
  ["", []],
  [" \t\r\n", []],
])("%j is read", (filter, comparisons) => {
  expect(comparisonsOf(filter)).toEqual(comparisons);
});

test("AND joins comparisons, with or without parentheses", () => {
  const flat = comparisonsOf('a = 1 AND b = "2" AND c : 3');
  expect(flat.map(({ field }) => field)).toEqual(["a", "b", "c"]);
  expect(comparisonsOf('(a=1)AND((b="2"AND c:3))')).toEqual(flat);
});

test.each([
  ["a", "at character 2: must be one of = != < <= > >= : behind a field"],
  ["a = ", "at character 5: must be a value"],
  ["a == x", "at character 4: must be a value"],
  ["= x", "at character 1: must be a field"],
  ["()", "at character 2: must be a field"],
  ["a = x b = y", "at character 7: only AND joins"],
  ["a = x OR b = y", "at character 7: only AND joins"],
  ["a = x and b = y", "at character 7: only AND joins"],
  ["a = x AND", "at character 10: must be a field"],
  ["NOT a = x", "at character 1: only AND joins"],
  ["-a = x", "at character 1: only AND joins"],
  ["(a = x", "at character 7: a parenthesis is not closed"],
  ["(a = x))", "at character 8: closes a parenthesis"],
  ["a = x)", "at character 6: closes a parenthesis"],
  ['a = "x', "at character 5: the quotes of this value do not end"],
  [String.raw`a = "x\"`, "at character 5: the quotes of this value do not end"],
  [String.raw`a = "x\n"`, "at character 7: only quotes"],
  ['a = "x*y"', "at character 7: a * stands at the end only"],
  ["a = **", "at character 5: a * stands at the end only"],
  ["a = OR", "at character 5: AND, OR and NOT as a value stand in quotes"],
  ['a = "😀" x', "at character 9: only AND joins"],
  ["a = \0", "at character 1: must be well-formed Unicode without NUL"],
  ['a = "\ud800"', "at character 1: must be well-formed Unicode without NUL"],
])("%j is refused, with the place", (filter, fault) => {
  expect(faultOf(filter)).toContain(fault);
});

test("a filter has at most 20 comparisons", () => {
  const many = (count: number) => Array.from({ length: count }, () => "a=1").join(" AND ");
  expect(comparisonsOf(many(COMPARISONS_MAX))).toHaveLength(20);
  expect(faultOf(many(COMPARISONS_MAX + 1))).toContain("at most 20 comparisons");
});

test("a filter is of bounded length, and may nest as deep as that", () => {
  const half = FILTER_LENGTH_MAX / 2 - 2;
  const nested = `${"(".repeat(half)}a=1${")".repeat(half)}`;
  expect(comparisonsOf(nested)).toEqual(one("a", "=", "1"));
  expect(faultOf(`a = "${"x".repeat(FILTER_LENGTH_MAX)}"`)).toContain("at most 8192 characters");
});

/** Any string at all, lone surrogates included, and strings of what the grammar is made of. */
const anyText = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(..."ab_.'\"\\*()=!<>: \n-1".split(""), " AND ", "OR", "NOT", "a=1"))
    .map((pieces) => pieces.join("")),
);

test("whatever comes is parsed or refused at a place within it", () => {
  fc.assert(
    fc.property(anyText, (filter) => {
      const parsed = parseFilter(filter);
      if (parsed.kind === "filter") return;
      expect(parsed.at).toBeGreaterThanOrEqual(0);
      expect(parsed.at).toBeLessThanOrEqual(filter.length);
    }),
    { numRuns: 2_000 },
  );
});

const comparison = fc.record({
  field: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,20}$/).filter((name) => name !== "NOT"),
  operator: fc.constantFrom<Operator>("=", "!=", "<", "<=", ">", ">=", ":"),
  literal: fc.record({
    text: fc
      .string({
        unit: fc.oneof(
          fc.constantFrom("\\", '"', "'", "*"),
          fc.string({ unit: "binary", maxLength: 1 }),
        ),
      })
      .filter((text) => !text.includes("\0") && text.isWellFormed()),
    isPrefix: fc.boolean(),
  }),
});

test("a filter that is printed is read as what it was", () => {
  fc.assert(
    fc.property(fc.array(comparison, { maxLength: COMPARISONS_MAX }), (comparisons) => {
      expect(comparisonsOf(printFilter(comparisons))).toEqual(comparisons);
    }),
  );
});
