import { expect, test } from "vitest";
import { belowFloors, together } from "./outcome.ts";

test("figures of parts are summed, of shares the smallest counts, and failures are all told", () => {
  const one = { figures: { grants: 3, timeAtCapShare: 0.4 }, failures: ["a"] };
  const other = { figures: { grants: 4, timeAtCapShare: 0.3, losses: 1 }, failures: ["b"] };
  expect(together([one, other])).toEqual({
    figures: { grants: 7, timeAtCapShare: 0.3, losses: 1 },
    failures: ["a", "b"],
  });
});

test("of figures that are the most of something the largest counts", () => {
  const one = { figures: { maxRssMiB: 300 }, failures: [] };
  const other = { figures: { maxRssMiB: 200 }, failures: [] };
  expect(together([one, other]).figures).toEqual({ maxRssMiB: 300 });
  expect(together([other, one]).figures).toEqual({ maxRssMiB: 300 });
});

test("figures below their floors are failures, and so are those that are missing", () => {
  expect(belowFloors({ grants: 5 }, { grants: 5 })).toEqual([]);
  expect(belowFloors({ grants: 4 }, { grants: 5, losses: 1 })).toHaveLength(2);
});
