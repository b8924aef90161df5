import { expect, it } from "vitest";
import { growthTable } from "./growth-table.ts";

it("has a row for each size, and tells where something was not measured", () => {
  const machine = { time: "2026-11-28T12:00:00.000Z", processors: "2 × some", commit: "abc" };
  const points = [
    { at: 1_000, figures: { "acquire p50": 0.5, expiry: 3 } },
    { at: 1_000_000, figures: { "acquire p50": 0.6 } },
  ];
  expect(growthTable("live seats", { machine, points })).toBe(
    [
      "| live seats | acquire p50, ms | expiry, ms |",
      "| ---------- | --------------- | ---------- |",
      "| 1,000      | 0.5             | 3          |",
      "| 1,000,000  | 0.6             | –          |",
      "",
      "Measured 2026-11-28 on 2 × some, commit abc.",
    ].join("\n"),
  );
});
