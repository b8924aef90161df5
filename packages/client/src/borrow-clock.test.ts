import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clockAfterRestart, clockSinceBorrowed } from "./borrow-clock.ts";

const START = 1_800_000_000_000;

test("a seat's time counts from before it was asked for, whatever the wall clock says", () => {
  let elapsed = 5_000;
  const now = clockSinceBorrowed(() => elapsed, { issuedAt: START, sentAt: 4_000 });
  expect(now()).toBeGreaterThanOrEqual(START + 1_000);
  elapsed += 60_000;
  expect(now() - START).toBeGreaterThanOrEqual(61_000);
  expect(now() - START).toBeLessThanOrEqual(62_000);
});

test("after a restart a wall clock that was set back stands still, and running time counts", () => {
  let elapsed = 0;
  const clocks = { clock: { now: () => START - 86_400_000 }, elapsed: () => elapsed };
  const now = clockAfterRestart(clocks, { behindMs: 0, seen: START });
  expect(now()).toBe(START);
  elapsed = 1_234;
  expect(now()).toBe(START + 1_234);
});

test("a wall clock that was behind when the seat was borrowed is put right after a restart", () => {
  const clocks = { clock: { now: () => START }, elapsed: () => 0 };
  expect(clockAfterRestart(clocks, { behindMs: 5_000, seen: 0 })()).toBe(START + 5_000);
});

/** What happens to a machine: time passes while a process runs or not, and its clock is set. */
type Happening =
  | { readonly kind: "runs" | "rests"; readonly ms: number }
  | { readonly kind: "set"; readonly byMs: number };

const ms = fc.integer({ min: 0, max: 86_400_000 });
const passing = fc.record({ kind: fc.constantFrom("runs" as const, "rests" as const), ms });
const setting = fc.record({
  kind: fc.constant("set" as const),
  byMs: fc.integer({ min: -5 * 86_400_000, max: 86_400_000 }),
});

/** Lives through it all; every rest is a restart. @returns the counted time after each happening */
function live(happenings: readonly Happening[], skewMs: number) {
  let real = START;
  let wall = START + skewMs;
  let elapsed = 0;
  let running = 0;
  let now = clockSinceBorrowed(() => elapsed, { issuedAt: START, sentAt: 0 });
  const behindMs = Math.max(0, now() - wall);
  const counted = [{ counted: now(), real, running }];
  for (const happening of happenings) {
    if (happening.kind === "set") wall += happening.byMs;
    else {
      const { kind, ms: passed } = happening;
      real += passed;
      wall += passed;
      if (kind === "runs") {
        elapsed += passed;
        running += passed;
      } else {
        const seen = now();
        now = clockAfterRestart(
          { clock: { now: () => wall }, elapsed: () => elapsed },
          { behindMs, seen },
        );
      }
    }
    counted.push({ counted: now(), real, running });
  }
  return counted;
}

test("however the clock is set, counted time never steps back, and no less than what ran is counted", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(passing, setting), { maxLength: 30 }), ms, (happenings, skew) => {
      const counted = live(happenings, skew - 43_200_000);
      for (const [i, at] of counted.entries()) {
        expect(at.counted).toBeGreaterThanOrEqual(counted[i - 1]?.counted ?? 0);
        expect(at.counted - START).toBeGreaterThanOrEqual(at.running);
      }
    }),
  );
});

test("while nobody sets the clock back, no seat outlasts its time on the server", () => {
  const forward = setting.map(({ kind, byMs }) => ({ kind, byMs: Math.abs(byMs) }));
  fc.assert(
    fc.property(fc.array(fc.oneof(passing, forward), { maxLength: 30 }), ms, (happenings, skew) => {
      for (const { counted, real } of live(happenings, skew - 43_200_000))
        expect(counted).toBeGreaterThanOrEqual(real);
    }),
  );
});
