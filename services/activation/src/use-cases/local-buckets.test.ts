import { manualClock } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { localBuckets } from "./local-buckets.ts";

const RATE = { count: 100, periodMs: 60_000 };
const bucket = (key: string, take = true) => ({ key, rate: RATE, take });

test("a process alone grants a tenth of the rate, and as much again in each period", async () => {
  const clock = manualClock(0);
  const buckets = localBuckets(clock);
  const ask = () => buckets.ask([bucket("a")]);
  for (let n = 0; n < 10; n += 1) expect(await ask()).toBe(0);
  expect(await ask()).toBe(6_000);
  clock.advance(6_000);
  expect(await ask()).toBe(0);
  expect(await ask()).toBe(6_000);
});

test("what is refused by one bucket takes nothing from the others", async () => {
  const buckets = localBuckets(manualClock(0));
  for (let n = 0; n < 10; n += 1) await buckets.charge([bucket("full")]);
  expect(await buckets.ask([bucket("other"), bucket("full", false)])).toBeGreaterThan(0);
  for (let n = 0; n < 10; n += 1) expect(await buckets.ask([bucket("other")])).toBe(0);
});

test("where there is no room for another bucket nothing is granted until one is full again", async () => {
  const clock = manualClock(0);
  const buckets = localBuckets(clock, 2);
  await buckets.ask([bucket("a")]);
  await buckets.ask([bucket("b")]);
  expect(await buckets.ask([bucket("c")])).toBeGreaterThan(0);
  expect(await buckets.ask([bucket("a")])).toBe(0);
  clock.advance(60_000);
  expect(await buckets.ask([bucket("c")])).toBe(0);
});
