import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readTime } from "./rfc3339.ts";

test.each([
  ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"],
  ["2026-01-31t12:00:00.5z", "2026-01-31T12:00:00.500Z"],
  ["2026-01-31T12:00:00.123000000+02:00", "2026-01-31T10:00:00.123Z"],
  ["2024-02-29T23:59:59.999-23:59", "2024-03-01T23:58:59.999Z"],
])("%s is a time", (text, time) => {
  expect(new Date(readTime(text)!).toISOString()).toBe(time);
});

test.each([
  "",
  "2026-01-31",
  "2026-01-31T12:00:00",
  "2026-01-31 12:00:00Z",
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-31T24:00:00Z",
  "2026-01-31T23:59:60Z",
  "2026-01-31T12:00:00+24:00",
  "2026-01-31T12:00:00.1234Z",
  "0000-12-31T00:00:00Z",
  "0001-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "2026-01-31T12:00:00Z\n",
])("%j is no time", (text) => {
  expect(readTime(text)).toBeUndefined();
});

test("every time that is written is read", () => {
  const dates = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (at) => {
      expect(readTime(at.toISOString())).toBe(at.getTime());
    }),
  );
});
