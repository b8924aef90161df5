import { expect, test } from "vitest";
import { waitEstimate } from "./wait-estimate.ts";

test.each([
  { from: 10, to: 10, ms: 5_000, estimate: undefined },
  { from: 3, to: 5, ms: 5_000, estimate: undefined },
  { from: 10, to: 8, ms: 4_000, estimate: 18_000 },
  { from: 4, to: 0, ms: 1_000, estimate: 250 },
])("from $from to $to ahead in $ms ms: $estimate ms to go", ({ from, to, ms, estimate }) => {
  const joined = { ahead: from, at: 1_000 };
  expect(waitEstimate(joined, { ahead: to, at: 1_000 + ms })).toBe(estimate);
});
