import { expect, test } from "vitest";
import { durationFromMs, msFromDuration } from "./durations.ts";

test.each([0, 1, 999, 1000, 1500, 45_000, 0.25, -1500])("%d ms survive the wire", (ms) => {
  expect(msFromDuration(durationFromMs(ms))).toBe(ms);
});

test("seconds and nanoseconds of a negative duration have the same sign", () => {
  expect(durationFromMs(-1500)).toEqual({ seconds: -1n, nanos: -500_000_000 });
});
