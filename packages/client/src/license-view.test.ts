import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ChangePolicy, LicenseFacts } from "./license-facts.ts";
import { firstView, hearLicense, type LicenseView, pendingChange } from "./license-view.ts";

const CERTIFIED: LicenseFacts = {
  license: "customers/c/licenses/l",
  revision: 1n,
  state: "active",
  drained: false,
  seats: 3,
  features: new Map([["dataflow", undefined]]),
  startTime: 1_000,
  endTime: 9_000,
};

const facts = (revision: bigint, change: Partial<LicenseFacts> = {}): LicenseFacts => ({
  ...CERTIFIED,
  revision,
  ...change,
});

/** The view of a session that a seat-broker has told of the license as it was certified. */
const started = (): LicenseView => hearLicense(firstView(CERTIFIED), CERTIFIED, "live").view;
const MORE = new Map([
  ["dataflow", undefined],
  ["workflow", 20n],
]);

test("a live change is acted by at once", () => {
  const told = facts(2n, { seats: 9, features: MORE });
  const heard = hearLicense(started(), told, "live");
  expect(heard).toMatchObject({ view: { acting: told }, changed: true });
  expect(heard.pending).toBeUndefined();
});

test("a change that asks for a restart waits for it, and both licenses are told", () => {
  const told = facts(2n, { seats: 9, features: MORE });
  const { view, changed, pending } = hearLicense(started(), told, "restart-required");
  expect(view.acting).toEqual(CERTIFIED);
  expect(changed).toBe(false);
  expect(pending).toEqual({ from: CERTIFIED, to: told, until: 9_000 });
  expect(pendingChange(view)).toEqual(pending);
});

test("what the first seat-broker tells is what the application starts with, whatever the policy", () => {
  const told = facts(5n, { features: MORE });
  const heard = hearLicense(firstView(CERTIFIED), told, "restart-required");
  expect(heard).toMatchObject({ view: { acting: told }, changed: true });
  expect(pendingChange(heard.view)).toBeUndefined();
});

test.each(["suspended", "revoked"] as const)("a license that is %s is so at once", (state) => {
  const told = facts(2n, { state, seats: 9 });
  const { view, changed } = hearLicense(started(), told, "restart-required");
  expect(view.acting).toMatchObject({ state, seats: 3 });
  expect(changed).toBe(true);
});

test("a drain acts at once, and asks for no restart", () => {
  const { view, changed, pending } = hearLicense(
    started(),
    facts(1n, { drained: true }),
    "restart-required",
  );
  expect({ drained: view.acting.drained, changed, pending }).toEqual({
    drained: true,
    changed: true,
    pending: undefined,
  });
});

test("a shorter term acts at once, a longer one after the restart", () => {
  const shorter = hearLicense(started(), facts(2n, { endTime: 5_000 }), "restart-required");
  expect(shorter.view.acting.endTime).toBe(5_000);
  expect(pendingChange(shorter.view)).toBeUndefined();
  const longer = hearLicense(started(), facts(2n, { endTime: 20_000 }), "restart-required");
  expect(longer.view.acting.endTime).toBe(9_000);
  expect(longer.pending?.until).toBe(9_000);
});

test("a change back to what the application has needs no restart any more", () => {
  const { view } = hearLicense(started(), facts(2n, { seats: 9 }), "restart-required");
  const back = hearLicense(view, facts(3n), "restart-required");
  expect(back.pending).toBeUndefined();
  expect(pendingChange(back.view)).toBeUndefined();
  expect(back.view.acting.revision).toBe(3n);
});

test("of several changes that wait the newest one is what the application starts with", () => {
  const first = hearLicense(started(), facts(2n, { seats: 9 }), "restart-required");
  const second = hearLicense(first.view, facts(3n, { seats: 12 }), "restart-required");
  expect(second.pending).toMatchObject({ from: { seats: 3 }, to: { seats: 12 } });
});

test("a live change brings whatever waited into force", () => {
  const { view } = hearLicense(started(), facts(2n, { seats: 9 }), "restart-required");
  const live = hearLicense(view, facts(3n, { seats: 9 }), "live");
  expect(live.view.acting).toMatchObject({ revision: 3n, seats: 9 });
  expect(pendingChange(live.view)).toBeUndefined();
});

const change = fc.record({
  revision: fc.bigInt({ min: 1n, max: 6n }),
  seats: fc.integer({ min: 1, max: 3 }),
  state: fc.constantFrom("active", "suspended", "revoked"),
  drained: fc.boolean(),
  endTime: fc.integer({ min: 2_000, max: 12_000 }),
  policy: fc.constantFrom<ChangePolicy>("live", "restart-required"),
});

test("whatever is told in whatever order, nobody acts by more than the newest allows to go on", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      let view = firstView(CERTIFIED);
      for (const { policy, revision, ...told } of changes) {
        const before = view;
        const heard = hearLicense(before, facts(revision, told), policy);
        view = heard.view;
        expect(view.told.revision).toBeGreaterThanOrEqual(before.told.revision);
        expect(view.acting.state).toBe(view.told.state);
        expect(view.acting.drained).toBe(view.told.drained);
        expect(view.acting.endTime).toBeLessThanOrEqual(view.told.endTime);
        expect(heard.changed ? before.acting : view.acting).toEqual(before.acting);
        expect(heard.pending ?? pendingChange(view)).toEqual(pendingChange(view));
      }
    }),
  );
});
