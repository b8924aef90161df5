import { expect, test } from "vitest";
import { dice } from "../site/dice.ts";
import { FAULT_NAMES, FAULTS } from "./faults.ts";
import { everyFault, pairs } from "./schedule.ts";

test("every fault happens once, in an order that the seed decides", () => {
  const names = (seed: number) => everyFault(FAULT_NAMES, dice(seed)).flat(3);
  expect(names(1).toSorted()).toEqual(FAULT_NAMES.toSorted());
  expect(names(1)).toEqual(names(1));
  expect(names(1)).not.toEqual(names(2));
});

test("while the seat of a killed agent is watched, nothing befalls Redis, seat-brokers or Postgres", () => {
  const [first = []] = everyFault(FAULT_NAMES, dice(1));
  expect(first.flat(2)).toContain("agentKilled");
  for (const name of first.flat(2)) expect(FAULTS[name].touches).toMatch(/agents|desk/);
});

test("no lane has two faults at a time that touch the same", () => {
  const [lane = []] = pairs(FAULT_NAMES, 200, dice(1));
  expect(lane).toHaveLength(200);
  for (const together of lane)
    expect(new Set(together.map((name) => FAULTS[name].touches)).size).toBe(2);
});
