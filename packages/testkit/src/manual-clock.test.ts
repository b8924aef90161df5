import { expect, test } from "vitest";
import { manualClock } from "./manual-clock.ts";

test("time passes on both clocks when it is advanced, and not otherwise", () => {
  const clock = manualClock(1000);
  clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
});

test("a step of the wall clock leaves the monotonic clock alone", () => {
  const clock = manualClock(1000);
  clock.step(-400);
  expect([clock.now(), clock.monotonic()]).toEqual([600, 0]);
});

test("the monotonic clock refuses to go back", () => {
  const clock = manualClock();
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
});
