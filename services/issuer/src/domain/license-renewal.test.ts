import { expect, test } from "vitest";
import { renewal, renewalFaults } from "./license-renewal.ts";
import type { LicenseTerms } from "./license-terms.ts";

const DAY = 86_400_000;
const termsUntil = (endTime: number, maintenanceEndTime?: number) =>
  ({ endTime, maintenanceEndTime }) as LicenseTerms;

test("maintenance ends as long before or after the license as it did", () => {
  expect(renewal(termsUntil(10 * DAY, 7 * DAY), { endTime: 20 * DAY })).toEqual({
    endTime: 20 * DAY,
    maintenanceEndTime: 17 * DAY,
  });
});

test("maintenance that goes with the term goes on with it", () => {
  expect(renewal(termsUntil(10 * DAY), { endTime: 20 * DAY })).toEqual({
    endTime: 20 * DAY,
    maintenanceEndTime: undefined,
  });
});

test("maintenance ends when it is told to", () => {
  const request = { endTime: 20 * DAY, maintenanceEndTime: 30 * DAY };
  expect(renewal(termsUntil(10 * DAY, 7 * DAY), request)).toEqual(request);
});

test.each([
  ["the same end", termsUntil(10), { endTime: 10 }, ["end_time"]],
  ["an earlier end", termsUntil(10), { endTime: 9 }, ["end_time"]],
  [
    "earlier maintenance",
    termsUntil(10, 7),
    { endTime: 20, maintenanceEndTime: 6 },
    ["maintenance_end_time"],
  ],
  [
    "less maintenance than the term had",
    termsUntil(10),
    { endTime: 20, maintenanceEndTime: 9 },
    ["maintenance_end_time"],
  ],
  [
    "both",
    termsUntil(10, 7),
    { endTime: 1, maintenanceEndTime: 1 },
    ["end_time", "maintenance_end_time"],
  ],
  [
    "maintenance that would move beyond the year 9999",
    termsUntil(Date.UTC(2036, 0, 1), Date.UTC(9990, 0, 1)),
    { endTime: Date.UTC(2060, 0, 1) },
    ["end_time"],
  ],
  ["nothing wrong", termsUntil(10, 7), { endTime: 11, maintenanceEndTime: 7 }, []],
])("a renewal with %s tells so", (_, terms, request, paths) => {
  expect(renewalFaults(terms, request).map(({ path }) => path)).toEqual(paths);
});
