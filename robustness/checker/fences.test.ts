import { expect, test } from "vitest";
import { ambiguousLeases, fallenFences, learningWindows } from "./fences.ts";
import { history, holding } from "./some-history.ts";

const first = holding(10, 20, { fence: 5n });

test("a fence below one that was known when it was asked for is found", () => {
  expect(fallenFences([first, holding(30, 40, { askedAt: 25, fence: 4n })])).toHaveLength(1);
  expect(fallenFences([first, holding(30, 40, { askedAt: 25, fence: 6n })])).toEqual([]);
});

test("a fence below one that was not known yet is not", () => {
  expect(fallenFences([first, holding(30, 40, { askedAt: 9, fence: 4n })])).toEqual([]);
});

test("a fence that was given twice is found", () => {
  expect(fallenFences([first, holding(30, 40, { askedAt: 9, fence: 5n })])).toHaveLength(1);
});

test("a lease with two fences is found", () => {
  const fencesOfLeases = new Map([
    ["one", new Set([1n])],
    ["two", new Set([1n, 2n])],
  ]);
  expect(ambiguousLeases(history({ fencesOfLeases }))).toHaveLength(1);
});

test("each epoch but the first begins with learning", () => {
  const inEpoch = (epoch: bigint, from: number) =>
    holding(from, from + 1, { fence: (epoch << 32n) + BigInt(from) });
  expect(learningWindows([])).toBe(0);
  expect(learningWindows([inEpoch(1n, 1), inEpoch(1n, 2)])).toBe(0);
  expect(learningWindows([inEpoch(1n, 1), inEpoch(3n, 2), inEpoch(4n, 3)])).toBe(2);
});
