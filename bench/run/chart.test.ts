import { describe, expect, it } from "vitest";
import { lineChart, meterChart } from "./chart.ts";

describe("a chart of curves", () => {
  it("has a line for each series, within the picture", () => {
    const points = [
      [1, 5],
      [10, 50],
      [100, 500],
    ] as const;
    const drawn = lineChart({
      title: "growth",
      x: "seats",
      y: "ms",
      isLogX: true,
      series: [
        { name: "p50", points },
        { name: "p99", points },
      ],
    });
    expect(drawn.match(/<polyline/g)).toHaveLength(2);
    const places = [...drawn.matchAll(/points="([^"]*)"/g)].flatMap(([, all]) =>
      all!.split(/[ ,]/),
    );
    expect(places.map(Number).every((place) => place >= 0 && place <= 860)).toBe(true);
    // Equal steps of a logarithm are equal steps on the way.
    const [x1, , x2, , x3] = places.map(Number);
    expect(x2! - x1!).toBeCloseTo(x3! - x2!, 0);
  });

  it("can be drawn of nothing", () => {
    expect(lineChart({ title: "", x: "", y: "", series: [] })).not.toContain("NaN");
  });

  it("shows text as it is", () => {
    const drawn = lineChart({ title: "<a> & b", x: "", y: "", series: [] });
    expect(drawn).toContain("&lt;a&gt; &amp; b");
  });
});

describe("a chart of bars", () => {
  it("tells by colour whether a bar is reached", () => {
    const drawn = meterChart("bars", [
      { name: "good", reached: 1, text: "1" },
      { name: "bad", reached: 0.99, text: "0.99" },
    ]);
    expect(drawn.match(/#009e73/g)).toHaveLength(1);
    expect(drawn.match(/#d55e00/g)).toHaveLength(1);
  });
});
