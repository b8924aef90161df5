import { expect, test } from "vitest";
import { CLOCKS, history, holding, LOWERED } from "./some-history.ts";
import { shareAtCapacity, timeAboveLowered, tooMany } from "./too-many.ts";

test("holdings one after the other are not too many, even if they meet", () => {
  const holdings = [holding(0, 10), holding(10, 20)];
  expect(tooMany(history({ holdings }), CLOCKS)).toEqual([]);
});

test("holdings that overlap by a little are too many", () => {
  const holdings = [holding(0, 10), holding(9.9, 20)];
  expect(tooMany(history({ holdings }), CLOCKS)).toHaveLength(1);
});

test("a capacity that was lowered counts for one span longer, and no more", () => {
  const then = (from: number) =>
    history({ holdings: [holding(0, 300), holding(from, 300)], capacities: LOWERED });
  expect(tooMany(then(160), CLOCKS)).toEqual([]);
  expect(tooMany(then(171), CLOCKS)).toHaveLength(1);
});

test("those who stay when the seats were lowered are timed, not blamed", () => {
  const holdings = [holding(0, 300), holding(160, 400)];
  const stayed = history({ holdings, capacities: LOWERED });
  expect(tooMany(stayed, CLOCKS)).toEqual([]);
  expect(timeAboveLowered(stayed, CLOCKS)).toBeCloseTo(130);
  const another = [...holdings, holding(310, 320)];
  expect(tooMany({ ...stayed, holdings: another }, CLOCKS)).toHaveLength(1);
});

test("a capacity that is raised counts as soon as it may be in force", () => {
  const capacities = [
    { seats: 1, from: 0, until: 150 },
    { seats: 2, from: 100, until: Number.POSITIVE_INFINITY },
  ];
  const then = (from: number) =>
    history({ holdings: [holding(0, 300), holding(from, 300)], capacities });
  expect(tooMany(then(100), CLOCKS)).toEqual([]);
  expect(tooMany(then(99), CLOCKS)).toHaveLength(1);
});

test("the share of the time at the capacity is counted by the newest capacity", () => {
  const holdings = [holding(0, 250), holding(500, 600)];
  expect(shareAtCapacity(history({ holdings }))).toBe(0.35);
  expect(shareAtCapacity(history({ holdings, capacities: LOWERED }))).toBe(0.25);
});
