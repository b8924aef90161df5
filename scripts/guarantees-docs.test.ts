import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const tests = globSync([
  "services/*/test/*.test.ts",
  "packages/client/test/*.test.ts",
  "e2e/*.test.ts",
])
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");
const table = readFileSync("docs/guarantees.md", "utf8")
  .split("\n")
  .filter(
    (line) => line.startsWith("| ") && !line.startsWith("| fault") && !line.startsWith("| ---"),
  );

test("the guarantees name faults", () => {
  expect(table.length).toBeGreaterThan(10);
});

test.each(table)("what is promised in %s is shown by tests that exist", (row) => {
  const shownBy = row.split("|").at(-2) ?? "";
  const named = Array.from(shownBy.matchAll(/"([^"]+)"/g), ([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(tests).toContain(`"${name}"`);
});
