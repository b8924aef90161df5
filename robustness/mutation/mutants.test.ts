import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dice } from "../site/dice.ts";
import { mutated } from "./mutant.ts";
import { MUTANT_NAMES, MUTANTS } from "./mutants.ts";
import { someOf } from "./survivors.ts";

test.each(MUTANT_NAMES)("%s is an edit of the sources as they are, and names a test", (name) => {
  const mutant = MUTANTS[name];
  const source = readFileSync(mutant.file, "utf8");
  expect(mutated(mutant, source)).not.toBe(source);
  expect(readFileSync(mutant.caughtBy.file, "utf8")).toContain(`"${mutant.caughtBy.test}"`);
});

test("a text that stands there twice, or not at all, is no mutant", () => {
  const mutant = { ...MUTANTS.noTombstones, text: "a" };
  expect(() => mutated(mutant, "banana")).toThrow("3 times");
  expect(() => mutated(mutant, "rum")).toThrow("0 times");
});

test("whoever tries some of the mutants with every seed has tried them all", () => {
  const tried = new Set(
    Array.from({ length: 40 }, (_, seed) => someOf(MUTANT_NAMES, dice(seed))).flat(),
  );
  expect(tried.size).toBe(MUTANT_NAMES.length);
});
