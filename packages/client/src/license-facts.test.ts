import { expect, test } from "vitest";
import { featureLimit, hasFeature, isUsable, type LicenseFacts } from "./license-facts.ts";

const facts: LicenseFacts = {
  license: "customers/c/licenses/l",
  revision: 1n,
  state: "active",
  drained: false,
  seats: 3,
  features: new Map([
    ["dataflow", undefined],
    ["diagrams", 20n],
  ]),
  startTime: 1_000,
  endTime: 2_000,
};

test.each([
  [999, false],
  [1_000, true],
  [1_999, true],
  [2_000, false],
])("at %d of 1000 to 2000 a license is usable: %s", (now, usable) => {
  expect(isUsable(facts, now)).toBe(usable);
});

test.each(["suspended", "revoked"] as const)("a %s license unlocks nothing", (state) => {
  expect(hasFeature({ ...facts, state }, "dataflow", 1_500)).toBe(false);
  expect(featureLimit({ ...facts, state }, "diagrams", 1_500)).toBe(0n);
});

test("features are told from those that were not bought, and limits from switches", () => {
  expect(hasFeature(facts, "dataflow", 1_500)).toBe(true);
  expect(hasFeature(facts, "__proto__", 1_500)).toBe(false);
  expect(featureLimit(facts, "dataflow", 1_500)).toBeUndefined();
  expect(featureLimit(facts, "diagrams", 1_500)).toBe(20n);
  expect(featureLimit(facts, "workflow", 1_500)).toBe(0n);
});
