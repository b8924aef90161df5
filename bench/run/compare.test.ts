import { describe, expect, it } from "vitest";
import { Histogram } from "../load/histogram.ts";
import { NOTHING, type Report } from "../load/orders.ts";
import type { BenchSettings } from "./bar.ts";
import { compare, failuresOf, median, ratioOf, type Side } from "./compare.ts";

const ONES = [1, 1, 1, 1, 1];
const settings = { rounds: 4, warmUpMs: 0, ms: 1_000 } as BenchSettings;

/** @param counts of the runs, the one that does not count first */
function sideOf(name: string, counts: readonly number[], turns: string[]): Side {
  const left = [...counts];
  const latencies = new Histogram();
  latencies.record(1_000);
  return {
    name,
    run: (_warmUpMs, ms) => {
      turns.push(name);
      const count = left.shift() ?? 0;
      return Promise.resolve({ ...NOTHING, count, ms, latencies: latencies.counts() });
    },
  };
}

describe("a comparison", () => {
  it("lets the sides take turns, first the one, then the other, after a run that does not count", async () => {
    const turns: string[] = [];
    const [a, b] = [sideOf("a", ONES, turns), sideOf("b", ONES, turns)];
    await compare({ settings, say: () => {} }, a, b);
    expect(turns.join("")).toBe("ababbaabba");
  });

  it("tells the ratio of the medians, and how far single rounds are apart", async () => {
    const a = sideOf("a", [1, 100, 90, 110, 10], []);
    const b = sideOf("b", [1, 200, 200, 200, 200], []);
    const comparison = await compare({ settings, say: () => {} }, a, b);
    expect(ratioOf(comparison)).toEqual({ ratio: 0.475, least: 0.05, most: 0.55 });
  });

  it("keeps what went wrong, of whichever side", async () => {
    const bad: Report = { ...NOTHING, count: 5, ms: 1_000, failed: { OVERLOADED: 2 } };
    const a: Side = { name: "a", run: () => Promise.resolve(bad) };
    const { a: measured } = await compare({ settings, say: () => {} }, a, sideOf("b", [], []));
    expect(measured.failures).toContain("a: OVERLOADED, 2 times");
  });
});

describe("a run", () => {
  it("in which nothing was done is a failure", () => {
    expect(failuresOf("a", NOTHING)).toEqual(["a: nothing was done"]);
  });
});

describe("the median", () => {
  it("is the one in the middle, or between the two", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
