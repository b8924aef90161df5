import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";
import { dealt, merged } from "./load.ts";

describe("the work of several agents", () => {
  it("is dealt out evenly, to no more agents than there is work for", () => {
    expect(dealt([1, 2, 3, 4, 5], 2)).toEqual([
      [1, 3, 5],
      [2, 4],
    ]);
    expect(dealt([1], 4)).toEqual([[1]]);
  });

  it("adds up: counts and failures by name, latencies in one histogram, the time of the slowest", () => {
    const latencies = new Histogram();
    latencies.record(100);
    const one = { latencies: latencies.counts(), counts: { beats: 5 } };
    const report = merged([
      { ...one, count: 10, ms: 1_000, failed: { UNAVAILABLE: 1 } },
      { ...one, count: 20, ms: 1_100, failed: { UNAVAILABLE: 2, OVERLOADED: 1 } },
    ]);
    expect(report).toEqual({
      count: 30,
      ms: 1_100,
      failed: { UNAVAILABLE: 3, OVERLOADED: 1 },
      latencies: [[100, 2]],
      counts: { beats: 10 },
    });
  });
});
