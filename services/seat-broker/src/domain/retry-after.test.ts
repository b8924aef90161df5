import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

test.each([
  [-1_000, 200],
  [0, 200],
  [1_500.2, 1_501],
  [60_000, 5_000],
])("what is due in %d ms is asked for again in %d ms", (due, expected) => {
  expect(retryAfterMs(due)).toBe(expected);
});
