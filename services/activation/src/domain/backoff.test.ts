import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

test.each([
  [1, 200],
  [2, 400],
  [5, 3_200],
  [9, 30_000],
  [10_000, 30_000],
])("after %d failures the wait is at most %d ms, and at least half of it", (failures, ms) => {
  expect(backoff(failures, 0)).toBe(ms);
  expect(backoff(failures, 1)).toBe(ms / 2);
});
