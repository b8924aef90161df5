import { expect, test } from "vitest";
import { featuresTaken, isSamePolicy } from "./product.ts";
import type { Feature, VersionPolicy } from "./product.ts";

const BEFORE: readonly Feature[] = [
  { code: "on", displayName: "On", kind: "SWITCH" },
  { code: "many", displayName: "Many", kind: "COUNTED" },
  { code: "free", displayName: "Free", kind: "UNSPECIFIED" },
];
const [on, many, free] = BEFORE as [Feature, Feature, Feature];

test.each<[string, readonly Feature[], readonly string[]]>([
  ["what stays as it is", BEFORE, []],
  ["another order", [free, many, on], []],
  ["another name", [{ ...on, displayName: "Off" }, many, free], []],
  ["one more", [...BEFORE, { code: "new", displayName: "New", kind: "SWITCH" }], []],
  ["one that is left out", [on, free], ["many"]],
  ["another kind", [{ ...on, kind: "COUNTED" }, many, free], ["on"]],
  ["a kind where none was told", [on, many, { ...free, kind: "SWITCH" }], ["free"]],
  ["a kind that is told no longer", [{ ...on, kind: "UNSPECIFIED" }, many, free], ["on"]],
  ["all that are left out", [], ["on", "many", "free"]],
])("of %s, the features taken away are told", (_, after, taken) => {
  expect(featuresTaken({ features: BEFORE }, { features: after })).toEqual(taken);
});

test.each<[VersionPolicy, VersionPolicy, boolean]>([
  [{ tolerance: "ANY" }, { tolerance: "ANY" }, true],
  [{ tolerance: "ANY" }, { tolerance: "SAME_MAJOR" }, false],
  [{ tolerance: "ANY" }, { tolerance: "ANY", supported: { oldest: "4" } }, false],
  [
    { tolerance: "ANY", supported: { oldest: "4" } },
    { tolerance: "ANY", supported: { oldest: "4", newest: "5" } },
    false,
  ],
  [
    { tolerance: "ANY", supported: { newest: "5", oldest: "4" } },
    { supported: { oldest: "4", newest: "5" }, tolerance: "ANY" },
    true,
  ],
])("%o and %o say the same: %s", (one, other, expected) => {
  expect(isSamePolicy(one, other)).toBe(expected);
  expect(isSamePolicy(other, one)).toBe(expected);
});
