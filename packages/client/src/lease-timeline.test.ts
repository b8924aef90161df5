import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  advance,
  begin,
  deadlineOf,
  dueAt,
  hasten,
  held,
  type LeaseStep,
  type LeaseTimeline,
  renew,
} from "./lease-timeline.ts";

const C = 45_000;
const granted = (sentAt = 0, validityMs = C) => begin({ sentAt, validityMs }, sentAt, 0.5)!;

/** Goes from due instant to due instant, as a timer does. */
function unfold(timeline: LeaseTimeline, until: number): [number, LeaseStep][] {
  const happened: [number, LeaseStep][] = [];
  for (let at = dueAt(timeline); at <= until; at = dueAt(timeline)) {
    const step = advance(timeline, at);
    expect(step.steps.length, "what is due gets done").toBeGreaterThan(0);
    for (const name of step.steps) happened.push([Math.round(at), name]);
    timeline = step.timeline;
  }
  return happened;
}

test("an unanswered holder repeats itself, turns elsewhere, is warned, and stops", () => {
  const happened = unfold(granted(), 100_000);
  expect(happened.filter(([, step]) => step !== "beat")).toEqual([
    [22_500, "switch"],
    [33_750, "jeopardy"],
    [33_750, "switch"],
    [45_000, "lost"],
  ]);
  expect(happened.filter(([, step]) => step === "beat").map(([at]) => at)).toEqual([
    11_250, 12_250, 14_250, 18_250, 22_250, 26_250, 30_250, 34_250, 38_250, 42_250,
  ]);
});

test("short validities have the same life, in proportion", () => {
  const short = unfold(granted(0, 3_000), 10_000);
  const long = unfold(granted(), 150_000);
  expect(short.map(([, step]) => step)).toEqual(long.map(([, step]) => step));
  expect(short.map(([at]) => at / 3_000).map((share) => share.toFixed(2))).toEqual(
    long.map(([at]) => at / C).map((share) => share.toFixed(2)),
  );
});

test("the deadline counts from before the request was written, not from its answer", () => {
  const timeline = begin({ sentAt: 1_000, validityMs: C }, 1_900, 0.5)!;
  expect(deadlineOf(timeline)).toBe(46_000);
  expect(held(timeline, 45_999)).toBe(true);
  expect(held(timeline, 46_000)).toBe(false);
});

test("an answer older than its validity grants nothing", () => {
  expect(begin({ sentAt: 0, validityMs: C }, C, 0.5)).toBeUndefined();
  expect(begin({ sentAt: 0, validityMs: Number.NaN }, 1, 0.5)).toBeUndefined();
});

test("an answered heartbeat starts the life over", () => {
  const tired = advance(granted(), 34_000).timeline;
  const fresh = renew(tired, { sentAt: 34_000, validityMs: C }, 34_100, 0.5);
  expect(fresh).toEqual(granted(34_000));
});

test("answers that arrive out of order do not shorten what is known", () => {
  const later = renew(granted(), { sentAt: 12_000, validityMs: C }, 12_010, 0.5);
  expect(renew(later, { sentAt: 11_000, validityMs: C }, 12_020, 0.5)).toBe(later);
});

test("a lease past its deadline is never revived", () => {
  const timeline = granted();
  const late = renew(timeline, { sentAt: 44_000, validityMs: C }, 45_000, 0.5);
  expect(held(late, 45_000)).toBe(false);
  const lost = advance(timeline, 45_000).timeline;
  expect(held(renew(lost, { sentAt: 44_999, validityMs: C }, 44_999, 0.5), 44_999)).toBe(false);
  expect(dueAt(lost)).toBe(Number.POSITIVE_INFINITY);
  expect(hasten(lost, 50_000)).toBe(lost);
});

test("heartbeats come at a quarter of the validity, give or take a tenth", () => {
  const at = (jitter: number) => begin({ sentAt: 0, validityMs: C }, 0, jitter)!.beatAt;
  expect(at(0)).toBeCloseTo(10_125);
  expect(at(1)).toBeCloseTo(12_375);
});

test("a server may ask for more heartbeats, not for fewer", () => {
  const at = (heartbeatMs: number) =>
    begin({ sentAt: 0, validityMs: C, heartbeatMs }, 0, 0.5)!.heartbeatMs;
  expect(at(5_000)).toBe(5_000);
  expect(at(40_000)).toBe(11_250);
  expect(at(0)).toBe(11_250);
});

test("whatever is answered when, a seat is held only within C of a request that was answered", () => {
  const happening = fc.record({
    wait: fc.integer({ min: 0, max: 20_000 }),
    what: fc.constantFrom("nothing", "send", "answer", "hasten"),
    which: fc.nat(),
    validityMs: fc.integer({ min: 3_000, max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let now = 0;
      let timeline = granted();
      let wasLost = false;
      const sent: number[] = [];
      const answered = [{ sentAt: 0, validityMs: C }];
      for (const { wait, what, which, validityMs } of happenings) {
        now += wait;
        if (what === "send") sent.push(now);
        if (what === "hasten") timeline = hasten(timeline, now);
        const sentAt = sent[which % sent.length];
        if (what === "answer" && sentAt !== undefined) {
          answered.push({ sentAt, validityMs });
          timeline = renew(timeline, { sentAt, validityMs }, now, 0.3);
        }
        const holds = held(timeline, now);
        expect(holds && wasLost).toBe(false);
        const covered = answered.some((answer) => now < answer.sentAt + answer.validityMs);
        expect(holds && !covered).toBe(false);
        wasLost ||= !holds;
        timeline = advance(timeline, now).timeline;
      }
    }),
  );
});
