import { expect, test } from "vitest";
import { formatName, parseName } from "./resource-name.ts";

const LICENSE = "customers/{customer}/licenses/{license}";

test("a name of the pattern gives its variables, and they give the name", () => {
  const values = parseName(LICENSE, "customers/acme/licenses/l-1");
  expect(values).toEqual({ customer: "acme", license: "l-1" });
  expect(formatName(LICENSE, values!)).toBe("customers/acme/licenses/l-1");
});

test.each([
  "",
  "customers/acme",
  "customers/acme/licenses/",
  "customers/acme/licenses/l-1/keys",
  "products/acme/licenses/l-1",
  "customers/../licenses/l-1",
  "customers/a b/licenses/l-1",
  "customers/acme/licenses/l-1\n",
  `customers/${"a".repeat(65)}/licenses/l-1`,
])("%j is not of the pattern", (name) => {
  expect(parseName(LICENSE, name)).toBeUndefined();
});

test("a variable called like a member of every object is an ordinary variable", () => {
  expect(parseName("x/{__proto__}", "x/1")).toBeDefined();
  expect(parseName("x/{a}", "x/__proto__")).toBeUndefined();
});
