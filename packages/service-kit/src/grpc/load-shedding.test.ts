import { expect, test } from "vitest";
import { isShed, measureLoopDelay } from "./load-shedding.ts";

test.each([
  [0, []],
  [199, []],
  [200, ["PORTAL"]],
  [400, ["PORTAL", "UNLOCK"]],
  [600, ["PORTAL", "UNLOCK", "LEASE"]],
  [3_600_000, ["PORTAL", "UNLOCK", "LEASE"]],
])("at %d ms these are shed: %j", (delayMs, shed) => {
  const classes = ["PORTAL", "UNLOCK", "LEASE", "RENEWAL", "INTERNAL"] as const;
  expect(classes.filter((each) => isShed(each, delayMs))).toEqual(shed);
});

test("a loop that is never free is seen to be late", async () => {
  using measured = measureLoopDelay();
  expect(measured.delay()).toBe(0);
  const busy = async () => {
    const until = performance.now() + 150;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
    return measured.delay();
  };
  await expect.poll(busy, { interval: 0 }).toBeGreaterThanOrEqual(100);
});
