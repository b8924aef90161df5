import { expect, test } from "vitest";
import { manualClock } from "@leasehold/testkit";
import { planOf } from "./plan.ts";

const clock = manualClock();

test("a plain run is a quick one on one Redis, with a seed of its own", () => {
  const plan = planOf([], clock);
  expect(plan).toMatchObject({ topologies: ["single"], length: "once", json: false });
  expect(plan.seed).toBe(planOf(["--quick"], clock).seed);
});

test("a run may be long, on every topology, and repeat another one's seed", () => {
  expect(planOf(["--long", "--topology", "all", "--seed", "7", "--json"], clock)).toEqual({
    seed: 7,
    topologies: ["single", "sentinel", "cluster"],
    length: { minutes: 20 },
    json: true,
  });
  expect(planOf(["--minutes", "3"], clock).length).toEqual({ minutes: 3 });
});

test.each([
  [["--topology", "ring"], "--topology must be one of"],
  [["--seed", "x"], "--seed must be a number"],
  [["--quick", "--long"], "--quick goes with neither"],
  [["--fast"], "Unknown option"],
])("a run does not begin that was asked for with %j", (args, complaint) => {
  expect(() => planOf(args, clock)).toThrow(complaint);
});
