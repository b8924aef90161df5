import { expect, test } from "vitest";
import { type CallLimit, callLimit } from "./call-limit.ts";

function fast(limit: CallLimit, calls: number, wanted = true): void {
  for (let i = 0; i < calls; i += 1) limit.returned({ beganAt: 0, tookMs: 2 }, wanted);
}

test("the limit rises while calls are fast and more are wanted, up to a bound", () => {
  const limit = callLimit();
  fast(limit, 10_000, false);
  expect(limit.current()).toBe(32);
  fast(limit, 100);
  expect(limit.current()).toBeGreaterThan(32);
  expect(limit.current()).toBeLessThan(40);
  fast(limit, 100_000);
  expect(limit.current()).toBe(256);
});

test("a slow call halves it, once for all that were under way", () => {
  const limit = callLimit();
  fast(limit, 100_000);
  limit.returned({ beganAt: 1_000, tookMs: 300 }, true);
  for (let i = 0; i < 100; i += 1) limit.returned({ beganAt: 1_299, tookMs: 900 }, true);
  expect(limit.current()).toBe(128);
  limit.returned({ beganAt: 1_300, tookMs: 300 }, true);
  expect(limit.current()).toBe(64);
});

test("it never falls so far that a store merely far away is of no use", () => {
  const limit = callLimit();
  for (let second = 1; second < 100; second += 1)
    limit.returned({ beganAt: second * 1_000, tookMs: 900 }, true);
  expect(limit.current()).toBe(16);
});
