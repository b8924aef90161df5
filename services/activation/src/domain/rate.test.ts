import { expect, test } from "vitest";
import { afterOneMore, tenthOf, waitFor } from "./rate.ts";

const RATE = { count: 10, periodMs: 60_000 };
const NOW = 1_000_000;

/** A bucket after so many at once. */
function after(taken: number): number {
  return Array.from({ length: taken }).reduce<number>((at) => afterOneMore(RATE, at, NOW), 0);
}

test("as many as the rate says have room at once, one more has to wait for its share of the period", () => {
  expect(waitFor(RATE, after(9), NOW)).toBe(0);
  expect(waitFor(RATE, after(10), NOW)).toBe(6_000);
  expect(waitFor(RATE, after(10), NOW + 5_999)).toBe(1);
  expect(waitFor(RATE, after(10), NOW + 6_000)).toBe(0);
});

test("those that came all the same make the wait longer, by a period at most", () => {
  expect(waitFor(RATE, after(12), NOW)).toBe(18_000);
  expect(waitFor(RATE, after(1_000), NOW)).toBe(66_000);
});

test("a bucket is full again after a period, and no fuller later", () => {
  const later = NOW + 10 * RATE.periodMs;
  expect(afterOneMore(RATE, after(10), later)).toBe(later + 6_000);
});

test("a tenth of a rate is at least one in a period", () => {
  expect(tenthOf({ count: 600, periodMs: 1_000 })).toEqual({ count: 60, periodMs: 1_000 });
  expect(tenthOf({ count: 3, periodMs: 1_000 })).toEqual({ count: 1, periodMs: 1_000 });
});

test("a full bucket of one token has it, whatever fractions the clock tells", () => {
  for (let now = 0.1; now < 100; now += 0.7)
    expect(waitFor({ count: 1, periodMs: 3_600_000 }, 0, now)).toBe(0);
});
