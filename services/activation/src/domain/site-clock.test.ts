import { expect, test } from "vitest";
import { siteClock } from "./site-clock.ts";

function clocks(start: number, seen = 0) {
  let [wall, monotonic] = [start, 0];
  const now = siteClock({ now: () => wall, monotonic: () => monotonic }, seen);
  return {
    now,
    pass: (ms: number) => {
      wall += ms;
      monotonic += ms;
    },
    set: (ms: number) => void (wall = ms),
  };
}

test("a site's time is the wall clock's", () => {
  const { now, pass } = clocks(1_000);
  expect(now()).toBe(1_000);
  pass(500);
  expect(now()).toBe(1_500);
});

test("a wall clock that is set back does not bring it back, and what passes counts", () => {
  const { now, pass, set } = clocks(10_000);
  set(2_000);
  expect(now()).toBe(10_000);
  pass(500);
  expect(now()).toBe(10_500);
});

test("time asleep counts, which only the wall clock tells", () => {
  const { now, set } = clocks(10_000);
  set(70_000);
  expect(now()).toBe(70_000);
});

test("a clock that was set back before the start stands no earlier than the time that was counted", () => {
  const { now, pass } = clocks(1_000, 9_000);
  expect(now()).toBe(9_000);
  pass(10);
  expect(now()).toBe(9_010);
});
