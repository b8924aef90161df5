import { describe, expect, it } from "vitest";
import { limitText, meets, shortfalls } from "./figures.ts";

describe("figures", () => {
  it("are good up to their bar, and not beyond", () => {
    expect(meets("acquireVsEcho", 0.8)).toBe(true);
    expect(meets("acquireVsEcho", 0.799)).toBe(false);
    expect(meets("poolGrowth", 1.25)).toBe(true);
    expect(meets("poolGrowth", 1.26)).toBe(false);
    expect(meets("millionKept", 0.999_999)).toBe(false);
    expect(meets("millionLost", 1)).toBe(false);
  });

  it("that are only reported fail nothing", () => {
    expect(shortfalls(["millionP99Ms"], { millionP99Ms: 1e9 })).toEqual([]);
    expect(limitText("millionP99Ms")).toBe("reported");
  });

  it("that were to be told and were not are failures", () => {
    expect(shortfalls(["keepAliveVsEtcd", "twoBrokers"], { twoBrokers: Number.NaN })).toEqual([
      "keepAliveVsEtcd: not measured",
      "twoBrokers: not measured",
    ]);
  });

  it("that miss their bar say which", () => {
    expect(shortfalls(["renewVsEcho"], { renewVsEcho: 0.5 })).toEqual([
      "renewVsEcho: 0.5 is not ≥ 0.85",
    ]);
  });
});
