import type { VersionTolerance } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { goTogether } from "./go-together.ts";

test.each<[string, string, VersionTolerance, boolean]>([
  ["3.1", "5.0", "ANY", true],
  ["4.1", "4.9", "SAME_MAJOR", true],
  ["4.1", "5", "SAME_MAJOR", false],
  ["4.1.3", "4.1", "SAME_MINOR", true],
  ["4.1", "4.2", "SAME_MINOR", false],
  ["4.1", "4", "SAME_MINOR", true],
  ["4", "4.2", "SAME_MINOR", true],
])("%s and %s go together under %s: %s", (left, right, tolerance, together) => {
  expect(goTogether(left, right, tolerance)).toBe(together);
  expect(goTogether(right, left, tolerance)).toBe(together);
});
