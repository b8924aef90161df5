import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkSymbols, isCodeWord } from "./reed-solomon.ts";

const symbol = fc.nat({ max: 31 });

test("a message with its check symbols is a code word", () => {
  const message = fc.array(symbol, { minLength: 1, maxLength: 27 });
  fc.assert(
    fc.property(message, (symbols) => {
      expect(isCodeWord([...symbols, ...checkSymbols(symbols)])).toBe(true);
    }),
  );
});

// The code is linear: what an error does to one code word, it does to every one.
test("no error in one or two of 25 symbols makes a code word, every one of them tried", () => {
  const word = Array.from<number>({ length: 25 }).fill(0);
  const missed: unknown[] = [];
  for (let i = 0; i < 25; i++) {
    for (let a = 1; a < 32; a++) {
      const one = word.with(i, a);
      if (isCodeWord(one)) missed.push([i, a]);
      for (let j = i + 1; j < 25; j++) {
        for (let b = 1; b < 32; b++) if (isCodeWord(one.with(j, b))) missed.push([i, a, j, b]);
      }
    }
  }
  expect(isCodeWord(word)).toBe(true);
  expect(missed).toEqual([]);
});

test("no error in one to four of 25 symbols makes a code word, 100,000 of them tried", () => {
  const errors = fc.uniqueArray(fc.tuple(fc.nat({ max: 24 }), fc.integer({ min: 1, max: 31 })), {
    minLength: 1,
    maxLength: 4,
    selector: ([position]) => position,
  });
  fc.assert(
    fc.property(errors, (pattern) => {
      const word = Array.from<number>({ length: 25 }).fill(0);
      for (const [position, error] of pattern) word[position] = error;
      expect(isCodeWord(word)).toBe(false);
    }),
    { numRuns: 100_000 },
  );
});

test("some error in five symbols makes another code word", () => {
  const message = Array.from<number>({ length: 21 }).fill(0);
  const other = message.with(20, 1);
  const difference = [...other, ...checkSymbols(other)].filter((value) => value !== 0);
  expect(difference).toHaveLength(5);
});
