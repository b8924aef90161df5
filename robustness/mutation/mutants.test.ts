import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Mutant, MUTANT_NAMES, MUTANTS, mutated } from "./mutants.ts";

test.each(MUTANT_NAMES)("%s is an edit of the sources as they are, and names a test", (name) => {
  const mutant: Mutant = MUTANTS[name];
  const source = readFileSync(mutant.file, "utf8");
  expect(mutated(mutant, source)).not.toBe(source);
  expect(readFileSync(mutant.caughtBy.file, "utf8")).toContain(`"${mutant.caughtBy.test}"`);
});

test("a text that stands there twice, or not at all, is no mutant", () => {
  const mutant = { ...MUTANTS.noTombstones, text: "a" };
  expect(() => mutated(mutant, "banana")).toThrow("3 times");
  expect(() => mutated(mutant, "rum")).toThrow("0 times");
});
