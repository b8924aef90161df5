import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gcra } from "./gcra.ts";

const RATE = { count: 3, periodMs: 300 };

test("so many may come at once, and one more for each share of the period", () => {
  const counter = gcra(RATE, 10);
  expect([0, 0, 0, 0].map(() => counter.take("a", 1_000))).toEqual([0, 0, 0, 100]);
  expect(counter.take("a", 1_099)).toBe(1);
  expect(counter.take("a", 1_100)).toBe(0);
  expect(counter.take("a", 1_100)).toBe(100);
});

test("whoever is refused takes nothing, however often", () => {
  const counter = gcra(RATE, 10);
  for (let tries = 0; tries < 1_000; tries += 1) counter.take("a", 0);
  expect(counter.take("a", 100)).toBe(0);
});

test("keys are counted apart", () => {
  const counter = gcra({ count: 1, periodMs: 1_000 }, 10);
  expect(counter.take("a", 0)).toBe(0);
  expect(counter.take("b", 0)).toBe(0);
  expect(counter.take("a", 0)).toBe(1_000);
});

test("of more keys than there is room for, those that came last are known", () => {
  const counter = gcra({ count: 1, periodMs: 1_000 }, 2);
  for (const key of ["a", "b", "c"]) counter.take(key, 0);
  expect(counter.take("c", 0)).toBe(1_000);
  expect(counter.take("a", 0)).toBe(0);
});

test("in no period does more than twice the count come through, and at most the count at once", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const counter = gcra(RATE, 1);
      const taken: number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        if (counter.take("a", now) === 0) taken.push(now);
      }
      for (const from of taken) {
        const within = taken.filter((at) => at >= from && at < from + RATE.periodMs);
        expect(within.length).toBeLessThanOrEqual(2 * RATE.count);
        expect(taken.filter((at) => at === from).length).toBeLessThanOrEqual(RATE.count);
      }
    }),
  );
});
