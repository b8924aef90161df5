import { manualClock } from "@leasehold/testkit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  BEHIND_ALLOWANCE_MS,
  CLOCK_TOLERANCE_MS,
  type ClockMark,
  isOverdue,
  observe,
  trustTime,
} from "./clock-mark.ts";

const DAY_MS = 86_400_000;

/** A machine whose processes look at the clock, and remember it from one to the next. */
function machine() {
  const clock = manualClock();
  let mark: ClockMark | undefined;
  let lookedAt = clock.monotonic();
  const look = (): ClockMark => {
    const passedMs = clock.monotonic() - lookedAt;
    lookedAt = clock.monotonic();
    return (mark = observe(mark, { wall: clock.now(), passedMs }));
  };
  return {
    clock,
    look,
    run: (ms: number) => (clock.advance(ms), look()),
    /** Switched off: time passes that no process counts. */
    off: (ms: number) => {
      clock.advance(ms);
      lookedAt = clock.monotonic();
      return look();
    },
    setClock: (ms: number) => (clock.step(ms), look()),
    contact: (ahead = 0) => {
      lookedAt = clock.monotonic();
      return (mark = trustTime(clock.now() + ahead));
    },
  };
}

test("the first look is believed, whatever the clock says", () => {
  expect(machine().look().behindSince).toBeUndefined();
});

test("a clock that is set back is told at once, and again when it was only for a moment", () => {
  const { look, setClock } = machine();
  look();
  expect(setClock(-DAY_MS).behindSince).toBeDefined();
  expect(setClock(DAY_MS).behindSince).toBeUndefined();
});

test("what people and time servers do to a clock is borne", () => {
  const { look, setClock } = machine();
  look();
  expect(setClock(-CLOCK_TOLERANCE_MS).behindSince).toBeUndefined();
  expect(setClock(-1).behindSince).toBeDefined();
});

test("a clock that stands still is behind once enough time has been counted", () => {
  const { look, run, clock } = machine();
  look();
  for (let minutes = 0; minutes < 10; minutes += 1) {
    clock.step(-60_000);
    expect(run(60_000).behindSince).toBeUndefined();
  }
  clock.step(-60_000);
  expect(run(60_000).behindSince).toBeDefined();
});

test("behind, it goes on for the allowance while it runs, in however many processes", () => {
  const { look, run, off, setClock } = machine();
  look();
  setClock(-365 * DAY_MS);
  for (let day = 0; day < BEHIND_ALLOWANCE_MS / DAY_MS - 1; day += 1) {
    expect(isOverdue(run(DAY_MS))).toBe(false);
    off(0);
  }
  expect(isOverdue(run(DAY_MS - 1))).toBe(false);
  expect(isOverdue(run(1))).toBe(true);
});

test("a server's time puts right a clock that was set back, and one that had been set forward", () => {
  const { look, run, setClock, contact } = machine();
  look();
  setClock(-30 * DAY_MS);
  expect(isOverdue(run(BEHIND_ALLOWANCE_MS))).toBe(true);
  contact();
  expect(look().behindSince).toBeUndefined();
  setClock(3_650 * DAY_MS);
  expect(setClock(-3_650 * DAY_MS).behindSince).toBeDefined();
  contact();
  expect(look().behindSince).toBeUndefined();
});

const deed = fc.record({
  what: fc.constantFrom("run", "off", "forward"),
  ms: fc.integer({ min: 0, max: 10 * DAY_MS }),
});

test("whoever never sets the clock back is never told that it is behind", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const { look, run, off, setClock, clock } = machine();
      look();
      for (const { what, ms } of deeds) {
        const mark = { run, off, forward: setClock }[what](ms);
        expect(mark).toEqual({ seen: clock.now() });
      }
    }),
  );
});

const anyDeed = fc.record({
  what: fc.constantFrom("run", "off", "set", "contact"),
  ms: fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }),
});

/** What is wrong with the mark after a deed; nothing, as a rule. */
function fault(what: string, before: ClockMark, mark: ClockMark, wall: number): string {
  if (what === "contact") return mark.seen === wall ? "" : "a server is not believed";
  if (mark.seen < before.seen) return "seen time fell";
  const behind = wall < mark.seen - CLOCK_TOLERANCE_MS;
  if (behind !== (mark.behindSince !== undefined)) return "what is behind is not what is told";
  const goesOn = behind && before.behindSince !== undefined;
  return goesOn && mark.behindSince !== before.behindSince ? "it was behind for longer" : "";
}

test("whatever is done to the clock, seen time falls for a server alone, and running time counts", () => {
  fc.assert(
    fc.property(fc.array(anyDeed, { maxLength: 60 }), (deeds) => {
      const { look, run, off, setClock, contact, clock } = machine();
      let before = look();
      for (const { what, ms } of deeds) {
        const positive = Math.abs(ms);
        const act = {
          run: () => run(positive),
          off: () => off(positive),
          set: () => setClock(ms),
          contact: () => contact(),
        }[what];
        const mark = act();
        expect(fault(what, before, mark, clock.now())).toBe("");
        expect(mark.seen).toBeGreaterThanOrEqual(what === "run" ? before.seen + positive : 0);
        before = mark;
      }
    }),
  );
});

test("by setting the clock back again and again nobody runs for longer than the allowance", () => {
  const slack = CLOCK_TOLERANCE_MS + DAY_MS;
  const runs = fc.array(fc.integer({ min: 1, max: DAY_MS }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(runs, (lengths) => {
      const { look, run, off, setClock, clock } = machine();
      look();
      const start = clock.now();
      let ran = 0;
      for (const ms of lengths) {
        off(0);
        setClock(start - clock.now()); // as it was when all began
        const mark = run(ms);
        ran += ms;
        expect(isOverdue(mark) || ran < BEHIND_ALLOWANCE_MS + slack).toBe(true);
      }
    }),
  );
});
