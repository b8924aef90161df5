import { expect, test } from "vitest";
import { effectSize } from "./rank-test.ts";

test("samples of one distribution do not lie apart, and separated ones wholly", () => {
  const even = Array.from({ length: 50 }, (_, at) => at * 2);
  const odd = even.map((value) => value + 1);
  expect(effectSize(even, even)).toBe(0);
  expect(effectSize(even, odd)).toBeLessThan(0.05);
  expect(
    effectSize(
      even,
      even.map((value) => value + 100),
    ),
  ).toBe(1);
  expect(
    effectSize(
      even.map((value) => value + 100),
      even,
    ),
  ).toBe(1);
});

test("one outlier does not make a difference, as it would of means", () => {
  const calm = Array.from({ length: 100 }, (_, at) => at);
  expect(effectSize(calm, [...calm.slice(1), 1_000_000])).toBeLessThan(0.05);
});

test("nothing is no difference", () => {
  expect(effectSize([], [1])).toBe(0);
});
