import { manualClock } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { retrySchedule } from "./retry-schedule.ts";

const middle = () => 0.5;

test("one who is sent away alone comes back soon after what it must wait", () => {
  const schedule = retrySchedule(manualClock(), middle);
  expect(schedule(200)).toBeGreaterThanOrEqual(200);
  expect(schedule(200)).toBeLessThan(250);
});

test("ten thousand who are sent away at once come back a thousand a second", () => {
  const schedule = retrySchedule(manualClock(), middle);
  const returns = Array.from({ length: 10_000 }, () => schedule(200));
  for (let second = 0; second < 10; second += 1) {
    const from = 225 + second * 1_000;
    const due = returns.filter((ms) => ms > from && ms <= from + 1_000);
    expect(due).toHaveLength(1_000);
  }
});

test("the places are free again as time goes on", () => {
  const clock = manualClock();
  const schedule = retrySchedule(clock, middle);
  for (let i = 0; i < 5_000; i += 1) schedule(200);
  clock.advance(4_000);
  expect(schedule(200)).toBeLessThan(1_250);
  clock.advance(2_000);
  expect(schedule(200)).toBeLessThan(250);
});

test("nobody is sent away for long, however many there are", () => {
  const schedule = retrySchedule(manualClock(), () => 1);
  for (let i = 0; i < 100_000; i += 1) schedule(5_000);
  expect(schedule(5_000)).toBeLessThan(45_000);
});

test("chance spreads those who have the same place at several brokers", () => {
  const early = retrySchedule(manualClock(), () => 0);
  const late = retrySchedule(manualClock(), () => 1);
  expect(late(1_000) - early(1_000)).toBeGreaterThanOrEqual(250);
});
