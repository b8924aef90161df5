import { expect, test } from "vitest";
import { serverClock } from "./server-clock.ts";

function moved() {
  let now = 0;
  const clock = serverClock({ monotonic: () => now });
  return {
    clock,
    pass: (ms: number) => {
      now += ms;
    },
    /** A reading of this time, halfway through a round trip that ends now. */
    read: (at: number, roundTripMs = 2) => {
      clock.observe({ now: at, sentAt: now - roundTripMs / 2, receivedAt: now + roundTripMs / 2 });
    },
  };
}

test("without a reading nothing is believed", () => {
  expect(moved().clock.estimate()).toBeUndefined();
});

test("between readings the estimate runs with the own clock", () => {
  const { clock, pass, read } = moved();
  read(1_000_000);
  pass(1_234);
  expect(clock.estimate()).toBe(1_001_234);
});

test("the clock is trusted since it was read first, and anew since it stepped, either way", () => {
  const { clock, pass, read } = moved();
  expect(clock.trustedSince()).toBe(Number.MAX_SAFE_INTEGER);
  read(1_000_000);
  pass(1_000);
  read(1_001_500);
  expect(clock.trustedSince()).toBe(1_000_000);
  read(900_000);
  expect(clock.trustedSince()).toBe(900_000);
  read(902_000);
  expect(clock.trustedSince()).toBe(902_000);
  expect(clock.estimate()).toBe(902_000);
});

test("many small steps are one", () => {
  const { clock, read } = moved();
  read(1_000_000);
  read(1_000_600);
  expect(clock.trustedSince()).toBe(1_000_000);
  read(1_001_200);
  expect(clock.trustedSince()).toBe(1_001_200);
});

test("a reading that took long counts only as long as there is no better one", () => {
  const { clock, read } = moved();
  read(1_000_000, 3_000);
  expect(clock.estimate()).toBe(1_000_000);
  read(1_002_000);
  expect(clock.estimate()).toBe(1_002_000);
  expect(clock.trustedSince()).toBe(1_002_000);
  read(2_000_000, 3_000);
  expect(clock.estimate()).toBe(1_002_000);
  expect(clock.trustedSince()).toBe(1_002_000);
});

test("a clock that was not read for a while is not trusted for that while", () => {
  const { clock, pass, read } = moved();
  read(1_000_000);
  pass(2_400);
  read(1_002_400);
  expect(clock.trustedSince()).toBe(1_000_000);
  pass(2_600);
  expect(clock.estimate()).toBeUndefined();
  read(1_005_000);
  expect(clock.trustedSince()).toBe(1_005_000);
});

test("a step back is told for as long as the clock is not where it had been", () => {
  const { clock, pass, read } = moved();
  read(1_000_000);
  expect(clock.peak()).toBe(0);
  pass(1_000);
  read(991_000);
  expect(clock.peak()).toBe(1_001_001);
  pass(1_000);
  read(992_000);
  expect(clock.peak()).toBe(1_001_001);
  pass(1_000);
  read(1_001_100);
  expect(clock.peak()).toBe(0);
});
