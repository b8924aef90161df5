import type { SrvRecord } from "node:dns";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { orderSrv } from "./order-srv.ts";

const record = (name: string, priority: number, weight: number): SrvRecord => ({
  name,
  port: 7403,
  priority,
  weight,
});

/** The names in their order, by throws that come one after the other. */
function names(records: readonly SrvRecord[], ...throws: number[]): string {
  return orderSrv(records, () => throws.shift() ?? 0)
    .map(({ name }) => name)
    .join("");
}

test("lower priorities are tried first, whatever their weights", () => {
  expect(names([record("b", 20, 100), record("a", 10, 0), record("c", 30, 5)])).toBe("abc");
});

test.each([
  [0, "ab"],
  [0.74, "ab"],
  [0.75, "ba"],
  [0.99, "ba"],
])("of weights 3 and 1 a throw of %d gives %s", (thrown, order) => {
  expect(names([record("a", 0, 3), record("b", 0, 1)], thrown)).toBe(order);
});

test("one without weight comes behind those that have any, and without any all are alike", () => {
  expect(names([record("a", 0, 0), record("b", 0, 1)], 0)).toBe("ba");
  expect(names([record("a", 0, 0), record("b", 0, 0)], 0.6)).toBe("ba");
});

test("none is lost and none comes twice, and no priority stands before a lower one", () => {
  const some = fc.record({
    name: fc.string(),
    port: fc.nat(65_535),
    priority: fc.nat(3),
    weight: fc.nat(65_535),
  });
  const dice = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), dice, (records, throws) => {
      const ordered = orderSrv(records, () => throws.next().value as number);
      expect(ordered).toHaveLength(records.length);
      expect(new Set(ordered)).toEqual(new Set(records));
      const priorities = ordered.map(({ priority }) => priority);
      expect(priorities).toEqual(priorities.toSorted((one, other) => one - other));
    }),
  );
});
