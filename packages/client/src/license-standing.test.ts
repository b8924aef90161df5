import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BEHIND_ALLOWANCE_MS } from "./clock-mark.ts";
import type { LicenseFacts } from "./license-facts.ts";
import { type StandingState, standingOf } from "./license-standing.ts";

const CERTIFIED = { issuedAt: 1_000, refreshBy: 5_000 };
const FACTS: LicenseFacts = {
  license: "customers/c/licenses/l",
  revision: 1n,
  state: "active",
  drained: false,
  seats: 3,
  features: new Map(),
  startTime: 500,
  endTime: 9_000,
};

/** How it stands at this time of a clock that is in order. */
const at = (wall: number, facts: Partial<LicenseFacts> = {}) =>
  standingOf({ ...FACTS, ...facts }, CERTIFIED, { mark: { seen: wall }, before: true, wall });

test.each([
  [1_000, "ok", undefined],
  [2_999, "ok", undefined],
  [3_000, "refresh-due", "refresh"],
  [3_999, "refresh-due", "refresh"],
  [4_000, "grace", "refresh"],
  [4_999, "grace", "refresh"],
  [5_000, "limited", "refresh"],
])("of certificates from 1000 to 5000 it is at %d: %s", (wall, state, cause) => {
  expect(at(wall)).toEqual({
    state,
    ...(cause && { cause }),
    clock: "in-order",
    refreshBy: 5_000,
  });
});

test.each([
  [{ endTime: 2_000 }, "license-over"],
  [{ startTime: 2_001 }, "license-not-started"],
  [{ state: "suspended" }, "license-suspended"],
  [{ state: "revoked" }, "license-revoked"],
] as const)("a license that is %o limits, and says why", (facts, cause) => {
  expect(at(2_000, facts)).toMatchObject({ state: "limited", cause });
});

test("a clock that is behind is grace at first, and limits once the allowance is used up", () => {
  const behind = (counted: number) =>
    standingOf(FACTS, CERTIFIED, {
      mark: { seen: 1e9 + counted, behindSince: 1e9 },
      before: true,
      wall: 1_500,
    });
  expect(behind(0)).toMatchObject({ state: "grace", cause: "clock-behind", clock: "behind" });
  expect(behind(BEHIND_ALLOWANCE_MS - 1)).toMatchObject({ state: "grace" });
  expect(behind(BEHIND_ALLOWANCE_MS)).toMatchObject({ state: "limited", cause: "clock-behind" });
});

test("where nothing was remembered the clock is unknown, and nothing is held against anybody", () => {
  const first = { mark: { seen: 2_000 }, before: false, wall: 2_000 };
  expect(standingOf(FACTS, CERTIFIED, first)).toMatchObject({ state: "ok", clock: "unknown" });
});

test("as time goes by it only gets worse", () => {
  const order: readonly StandingState[] = ["ok", "refresh-due", "grace", "limited"];
  const time = fc.integer({ min: 500, max: 12_000 });
  fc.assert(
    fc.property(time, time, (one, other) => {
      const [early, late] = one < other ? [one, other] : [other, one];
      expect(order.indexOf(at(late).state)).toBeGreaterThanOrEqual(order.indexOf(at(early).state));
    }),
  );
});
