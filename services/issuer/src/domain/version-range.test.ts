import { assert, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { covers, hasVersions, isVersion } from "./version-range.ts";

test.each(["0", "4", "4.2", "4.2.0", "999999.999999.999999"])("%s is a version", (text) => {
  expect(isVersion(text)).toBe(true);
});

test.each(["", "v4", "4.", ".4", "04", "4.2.0.1", "1000000", "4,2", "4.x", " 4", "4\n", "-1"])(
  "%j is no version",
  (text) => {
    expect(isVersion(text)).toBe(false);
  },
);

test.each([
  [{ oldest: "4" }, "4.0.0", true],
  [{ oldest: "4" }, "3.999.999", false],
  [{ newest: "4" }, "4.2.7", true],
  [{ newest: "4.2" }, "4.2.7", true],
  [{ newest: "4.2" }, "4.3", false],
  [{ newest: "4.2.0" }, "4.2.1", false],
  [{ oldest: "4.10" }, "4.9", false],
  [{ oldest: "3.1", newest: "5" }, "4", true],
  [{}, "0", true],
])("of %o, %s is %s", (range, version, expected) => {
  expect(covers(range, version)).toBe(expected);
});

test.each([
  [{ oldest: "4.2", newest: "4" }, true],
  [{ oldest: "4.2", newest: "4.1" }, false],
  [{ oldest: "5", newest: "4.9" }, false],
  [{ oldest: "4.2.0", newest: "4.2.0" }, true],
  [{ newest: "0" }, true],
])("%o has versions: %s", (range, expected) => {
  expect(hasVersions(range)).toBe(expected);
});

test("a range that has versions covers its own ends, and only such a range does", () => {
  const part = integer({ min: 0, max: 12 });
  const version = tuple(part, part, part).map((parts) => parts.join("."));
  assert(
    property(version, version, (oldest, newest) => {
      const range = { oldest, newest };
      expect(covers(range, oldest) && covers(range, newest)).toBe(hasVersions(range));
    }),
  );
});
