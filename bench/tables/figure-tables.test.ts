import { describe, expect, it } from "vitest";
import type { BenchSettings } from "../run/bar.ts";
import type { KeptBar } from "../run/results.ts";
import { capacityText } from "./capacity-table.ts";
import { figuresTable, sidesTable } from "./figure-tables.ts";

function bar(name: string, more: Partial<KeptBar>): KeptBar {
  const machine = { time: "2026-11-28T12:00:00.000Z", processors: "2 × some" };
  const settings = {} as BenchSettings;
  return { name, title: name, machine, settings, figures: {}, details: {}, failures: [], ...more };
}

const SIDE = {
  "AcquireSeat, a second": "15000 (14000–16000)",
  "AcquireSeat, p50 ms": "4 (3–5)",
  "AcquireSeat, p99 ms": "9 (8–10)",
  "AcquireSeat, µs of seat-broker": "60 (59–61)",
  "AcquireSeat, µs of Redis": "16 (15–17)",
};
const acquires = bar("acquire-vs-echo", { figures: { acquireVsEcho: 0.82 }, details: SIDE });

describe("the table of figures", () => {
  it("says that nothing was measured, until something was", () => {
    expect(figuresTable([], ["acquireVsEcho"])).toBe("Nothing was measured yet.");
    expect(sidesTable([])).toBe("Nothing was measured yet.");
    expect(capacityText([])).toContain("Nothing was measured yet.");
  });

  it("has every figure, those too that were not measured, and marks what is not reached", () => {
    const missed = bar("renew-vs-echo", { figures: { renewVsEcho: 0.5 } });
    const told = figuresTable(
      [acquires, missed],
      ["acquireVsEcho", "renewVsEcho", "keepAliveVsEcho"],
    );
    expect(told).toMatch(/`acquireVsEcho` +\| ≥ 0.8 +\| 0.82 +\|/);
    expect(told).toMatch(/`renewVsEcho` +\| ≥ 0.85 +\| 0.5 ✗ +\|/);
    expect(told).toMatch(/`keepAliveVsEcho` +\| ≥ 0.7 +\| not measured +\|/);
    expect(told).toContain("Measured 2026-11-28: processors 2 × some");
  });

  it("tells where a million seats were fewer", () => {
    const settings = { seats: 100_000 } as BenchSettings;
    const small = bar("million-killed", { figures: { millionKilledKept: 1 }, settings });
    expect(figuresTable([small], ["millionKilledKept"])).toContain("1 at 100,000 seats");
    const whole = { ...small, settings: { ...settings, seats: 1_000_000 } };
    expect(figuresTable([whole], ["millionKilledKept"])).not.toContain("at 1");
  });

  it("marks a figure of a bar in which calls failed", () => {
    const failed = { ...acquires, failures: ["AcquireSeat: OVERLOADED, 2 times"] };
    expect(figuresTable([failed], ["acquireVsEcho"])).toContain("0.82 ✗");
  });
});

describe("the table of sides", () => {
  it("has the medians of each", () => {
    expect(sidesTable([acquires])).toContain(
      "| acquire-vs-echo | AcquireSeat | 15000    | 4      | 9      | seat-broker 60, Redis 16   |",
    );
  });
});

describe("the text of capacity", () => {
  const all = [
    acquires,
    bar("keep-alive-vs-echo", {
      figures: { keepAliveVsEcho: 0.7 },
      details: { "KeepAlive, µs of seat-broker": "6 (5–7)", "KeepAlive, µs of Redis": "2 (1–3)" },
    }),
    bar("bytes-per-stream", {
      figures: { bytesPerStream: 20_000 },
      details: { "resident before": 2 ** 28 },
    }),
    bar("bytes-per-seat", { figures: { bytesPerSeat: 300 } }),
    bar("million", {
      figures: { millionKept: 1 },
      details: {
        seats: 1_000_000,
        seconds: 300,
        acquires: 90_000,
        "Postgres, rows written a second": 600,
        "seat-broker 1, % of a processor": 40,
        "seat-broker 2, % of a processor": 35,
      },
    }),
  ];

  it("is made where all that it is made from was measured", () => {
    const text = capacityText(all);
    expect(text).toMatch(/\| 1,000,000 +\| 88,889 +\| 278 +\| 21 +\|/);
    expect(text).toContain("seat-brokers\n40 % and 35 %");
  });

  it("is made from no bar in which calls failed", () => {
    const some = all.map((one) => (one.name === "million" ? { ...one, failures: ["lost"] } : one));
    expect(capacityText(some)).toContain("The table is made from `million`.");
  });

  it("names the bars that are missing", () => {
    const some = all.filter(({ name }) => name !== "bytes-per-seat");
    expect(capacityText(some)).toContain("The table is made from `bytes-per-seat`.");
  });
});
