import { expect, test } from "vitest";
import { covers, goTogether, VERSION, type VersionTolerance } from "./version.ts";

test.each([
  [{}, "0", true],
  [{ oldest: "3.1" }, "3.1.0", true],
  [{ oldest: "3.1" }, "3.0.999999", false],
  [{ oldest: "3.1" }, "3", false],
  [{ newest: "4" }, "4.2.7", true],
  [{ newest: "4" }, "5", false],
  [{ newest: "4.2" }, "4.2.9", true],
  [{ newest: "4.2" }, "4.3", false],
  [{ oldest: "2", newest: "10" }, "9.5", true],
])("a range %j of versions covers %s: %s", (range, version, covered) => {
  expect(covers(range, version)).toBe(covered);
});

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

test.each(["", "v4", "4.", "4.1.2.3", "04", "1000000", "4.1-beta", " 4"])(
  "%j is no version",
  (text) => {
    expect(VERSION.test(text)).toBe(false);
  },
);
