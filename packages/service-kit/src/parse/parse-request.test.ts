import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { isProblem, type Problem } from "@leasehold/kernel";
import type { Check } from "./check.ts";
import { parseRequest } from "./parse-request.ts";

function problemOf(read: (check: Check) => unknown): Problem {
  try {
    parseRequest(read);
  } catch (thrown) {
    if (isProblem(thrown, "INVALID_REQUEST")) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
}

const valid = (read: (check: Check) => unknown): boolean => {
  try {
    parseRequest(read);
    return true;
  } catch (thrown) {
    if (isProblem(thrown, "INVALID_REQUEST")) return false;
    throw thrown;
  }
};

test("a request is read as a whole", () => {
  const id = "018f0000-0000-7000-8000-000000000001";
  const command = parseRequest((check) => ({
    id: check.uuid("request_id", id),
    parent: check.name("parent", "customers/acme", "customers/{customer}").customer,
    seats: check.integer("license.seats", 3, { min: 1, max: 10 }),
    features: check.list(
      "features",
      ["a", "b"],
      { max: 5, unique: (code) => code },
      (code, field) => check.text(field, code, { min: 1, max: 64 }),
    ),
  }));
  expect(command).toEqual({ id, parent: "acme", seats: 3, features: ["a", "b"] });
});

test("every violation is told at once, by its path", () => {
  const { violations } = problemOf((check) => ({
    id: check.uuid("request_id", "X"),
    customer: check.message("customer", undefined, () => 0),
    features: check.list("features", ["", "a"], { max: 2 }, (code, field) =>
      check.text(field, code, { min: 1, max: 5 }),
    ),
    end: check.timestamp("end_time", undefined),
  }));
  expect(violations.map(({ field }) => field)).toEqual([
    "request_id",
    "customer",
    "features[0]",
    "end_time",
  ]);
});

test("a field that stumbles over a bad one does not hide it, and a real bug stays a bug", () => {
  const stumble = (check: Check) =>
    check.name("parent", "x", "customers/{customer}").customer.length;
  expect(problemOf(stumble).violations).toHaveLength(1);
  expect(() => parseRequest((): unknown => JSON.parse("{"))).toThrow(SyntaxError);
});

test.each([
  ["", false],
  ["Ann", true],
  ["Zoë", true],
  ["  ", false],
  ["a\nb", false],
  ["a\u0000", false],
  ["\ud800", false],
  ["a\u202eb", false],
  ["\ufffd", false],
  ["e" + "\u0301".repeat(10_000), false],
  ["e\u0301", true],
  ["😀".repeat(10), true],
  ["😀".repeat(11), false],
  ["x".repeat(11), false],
  ["田中太郎", true],
  ["नमस्ते", true],
])("the text %j is valid: %s", (text, expected) => {
  expect(valid((check) => check.text("name", text, { min: 1, max: 10 }))).toBe(expected);
});

test("texts come out in normalization form C", () => {
  expect(parseRequest((check) => check.text("name", "e\u0301", { max: 1 }))).toBe("\u00e9");
});

test("any text is either refused or within its bounds", () => {
  assert(
    property(string({ unit: "binary", maxLength: 40 }), (text) => {
      let read = "";
      const accepted = valid((check) => (read = check.text("name", text, { max: 20 })));
      if (!accepted) return true;
      return Array.from(read).length <= 20 && read.isWellFormed() && read === text.normalize("NFC");
    }),
  );
});

test("a violation never quotes the input", () => {
  const { violations } = problemOf((check) => {
    check.text("a", "canary\n", { max: 100 });
    check.name("b", "canary", "customers/{customer}");
    check.fieldMask("c", ["canary"], ["seats"]);
    check.matching("d", "canary", /^[0-9]+$/, "must be digits");
  });
  expect(violations).toHaveLength(4);
  expect(JSON.stringify(violations)).not.toContain("canary");
});

test.each([
  [{ seconds: 3n, nanos: 0 }, true],
  [{ seconds: 0n, nanos: 500_000_000 }, false],
  [{ seconds: 3_600n, nanos: 1 }, false],
  [{ seconds: 3n, nanos: -1 }, false],
  [{ seconds: 2n ** 62n, nanos: 0 }, false],
  [{ seconds: 3n, nanos: 2_000_000_000 }, false],
  [undefined, false],
] as const)("duration %#", (duration, expected) => {
  expect(
    valid((check) => check.duration("validity", duration, { min: 1_000, max: 3_600_000 })),
  ).toBe(expected);
});

test("an absent duration is what it is said to be", () => {
  expect(
    parseRequest((check) => check.duration("v", undefined, { min: 0, max: 1, absent: 45_000 })),
  ).toBe(45_000);
});

test.each([
  ["integer", (check: Check) => check.integer("x", -1, { min: 0, max: 5 })],
  ["64-bit integer", (check: Check) => check.integer("x", 2n ** 63n - 1n, { min: 0n, max: 5n })],
  ["NaN", (check: Check) => check.integer("x", Number.NaN, { min: 0, max: 5 })],
  ["bytes", (check: Check) => check.bytes("x", Buffer.alloc(31), 32)],
  ["bytes in a range", (check: Check) => check.bytes("x", Buffer.alloc(65), { min: 16, max: 64 })],
  ["time", (check: Check) => check.timestamp("x", new Date(Number.NaN))],
  ["list", (check: Check) => check.list("x", [1, 2, 3], { max: 2 }, (item) => item)],
  [
    "repeated item",
    (check: Check) =>
      check.list("x", ["a", "a"], { max: 2, unique: (item) => item }, (item) => item),
  ],
  ["empty mask", (check: Check) => check.fieldMask("x", [], ["seats"])],
  ["repeated path", (check: Check) => check.fieldMask("x", ["seats", "seats"], ["seats"])],
  ["enum", (check: Check) => check.oneOf("x", 7, [1, 2])],
  [
    "name with a prototype",
    (check: Check) => check.name("x", "customers/__proto__", "customers/{customer}"),
  ],
])("a bad %s is refused", (_, read) => {
  expect(problemOf(read).violations[0]?.field).toBe("x");
});
