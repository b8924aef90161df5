import { expect, test } from "vitest";
import { manualClock } from "@leasehold/testkit";
import { planOf } from "./plan.ts";

const clock = manualClock();

test("a plain run is a quick one of every part, with a seed of its own", () => {
  const plan = planOf([], clock);
  expect(plan).toMatchObject({ length: "quick", only: [], json: false });
  expect(plan.seed).toBe(planOf(["--quick"], clock).seed);
});

test("a run may be long, of some parts, and repeat another one's seed", () => {
  expect(planOf(["--long", "--only", "tokens", "--seed", "7", "--json"], clock)).toEqual({
    seed: 7,
    length: "long",
    only: ["tokens"],
    json: true,
  });
});

test.each([
  [["--seed", "x"], "--seed must be a number"],
  [["--quick", "--long"], "--quick does not go"],
  [["--fast"], "Unknown option"],
])("a run does not begin that was asked for with %j", (args, complaint) => {
  expect(() => planOf(args, clock)).toThrow(complaint);
});
