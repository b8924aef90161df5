import { assert, constantFrom, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { compareToServer, covers, hasVersions, isVersion, readVersion } from "./version-range.ts";

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

test.each([
  ["4.2.0", "4.2.0"],
  ["v4.2.0-rc.1+7f3a", "4.2.0"],
  [" 4.2 ", "4.2"],
  ["4.2.0.1177", "4.2.0"],
  ["2026.04.01", "2026.4.1"],
  ["4.2 (build 7)", "4.2"],
  ["4", "4"],
])("a program that calls itself %j is of version %s", (text, version) => {
  expect(readVersion(text)).toBe(version);
  expect(isVersion(readVersion(text) ?? "")).toBe(true);
});

test.each(["", "demo", "v", "1000000", "4.2b", "4,2", "٤.٢", "-1", "4..2x"])(
  "%j tells no version",
  (text) => {
    expect(readVersion(text)).toBeUndefined();
  },
);

test.each([
  ["4.2.0", "5.0.0", "ANY", "tolerated"],
  ["4.2.0", "4.9.1", "SAME_MAJOR", "tolerated"],
  ["3.9", "4", "SAME_MAJOR", "older"],
  ["5", "4.9", "SAME_MAJOR", "newer"],
  ["4.2.0", "4.2.9", "SAME_MINOR", "tolerated"],
  ["4.1.9", "4.2.0", "SAME_MINOR", "older"],
  ["4.10", "4.9", "SAME_MINOR", "newer"],
  ["4", "4.0.3", "SAME_MINOR", "tolerated"],
  ["5.0", "4.9", "SAME_MINOR", "newer"],
] as const)("a client %s of a server %s, by %s, is %s", (client, server, tolerance, expected) => {
  expect(compareToServer(client, server, tolerance)).toBe(expected);
});

test("whoever is older than its server has a server that is newer than it", () => {
  const part = integer({ min: 0, max: 3 });
  const version = tuple(part, part, part).map((parts) => parts.join("."));
  const tolerance = constantFrom("ANY", "SAME_MAJOR", "SAME_MINOR");
  const mirrored = { tolerated: "tolerated", older: "newer", newer: "older" } as const;
  assert(
    property(version, version, tolerance, (client, server, by) => {
      const seen = compareToServer(client, server, by);
      expect(compareToServer(server, client, by)).toBe(mirrored[seen]);
    }),
  );
});
