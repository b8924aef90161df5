import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";

function histogramOf(samples: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const sample of samples) histogram.record(sample);
  return histogram;
}

describe("a histogram", () => {
  it("is exact for short latencies", () => {
    const histogram = histogramOf(Array.from({ length: 100 }, (_, index) => index + 1));
    expect([histogram.at(0.5), histogram.at(0.99), histogram.at(1)]).toEqual([50, 99, 100]);
  });

  it.each([255, 256, 257, 1_000, 65_535, 65_536, 1_234_567, 2_000_000_000])(
    "is wrong by 1 %% at most at %i µs",
    (us) => {
      const told = histogramOf([us, us, us * 3]).at(0.5);
      expect(told).toBeGreaterThanOrEqual(us);
      expect(told).toBeLessThanOrEqual(us * 1.01);
    },
  );

  it("never tells more than the longest latency", () => {
    expect(histogramOf([1_000]).at(1)).toBe(1_000);
  });

  it("is the same when its counts come from two processes", () => {
    const all = histogramOf([5, 70, 900, 12_000, 300_000]);
    const together = histogramOf([5, 900]);
    together.add(histogramOf([70, 12_000, 300_000]).counts());
    expect(together.counts()).toEqual(all.counts());
    expect(together.size).toBe(5);
    expect(together.at(0.5)).toBe(all.at(0.5));
  });

  it("takes what is beyond its range for its ends", () => {
    expect(histogramOf([-5]).at(1)).toBe(0);
    expect(histogramOf([1e12]).at(1)).toBe(2 ** 31 - 1);
  });

  it("tells nothing where there is nothing", () => {
    expect(new Histogram().at(0.5)).toBeNaN();
  });
});
