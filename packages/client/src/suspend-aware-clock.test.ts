import * as fc from "fast-check";
import { expect, test } from "vitest";
import { suspendAwareClock } from "./suspend-aware-clock.ts";

function machine() {
  const clocks = { wall: 1_800_000_000_000, monotonic: 5_000, uptime: 777_777 };
  const elapsed = suspendAwareClock(
    { now: () => Math.floor(clocks.wall), monotonic: () => clocks.monotonic },
    () => Math.floor(clocks.uptime / 1_000) * 1_000, // as coarse as it is anywhere
  );
  const pass = (ms: number) => void ((clocks.wall += ms), (clocks.uptime += ms));
  return {
    elapsed,
    run: (ms: number) => void (pass(ms), (clocks.monotonic += ms)),
    sleep: pass,
    setWall: (ms: number) => void (clocks.wall += ms),
  };
}

test("time asleep counts, though the monotonic clock stood still", () => {
  const { elapsed, run, sleep } = machine();
  const before = elapsed();
  run(1_000);
  sleep(30_000);
  run(500);
  expect(elapsed() - before).toBeCloseTo(31_500, -1);
});

test("short sleeps between two readings add up", () => {
  const { elapsed, sleep } = machine();
  const before = elapsed();
  for (let i = 0; i < 100; i++) {
    sleep(40);
    elapsed();
  }
  expect(elapsed() - before).toBeGreaterThan(3_900);
});

test("a wall clock set back neither stops the clock nor hides a later sleep", () => {
  const { elapsed, run, setWall, sleep } = machine();
  const before = elapsed();
  setWall(-3_600_000);
  expect(elapsed()).toBe(before);
  run(100);
  elapsed();
  sleep(20_000);
  expect(elapsed() - before).toBeCloseTo(20_100, -1);
});

test.each([
  ["by less than the sleep", 15_000],
  ["by as much", 20_000],
  ["by far more", 3_600_000],
])("a wall clock set back %s while the machine sleeps hides none of it for long", (_, back) => {
  const { elapsed, run, setWall, sleep } = machine();
  const before = elapsed();
  sleep(20_000);
  setWall(-back);
  elapsed();
  run(10_001);
  expect(elapsed() - before).toBeGreaterThan(29_000);
  expect(elapsed() - before).toBeLessThan(32_000);
});

test("reading often does not make the clock run fast", () => {
  const { elapsed, run } = machine();
  const before = elapsed();
  for (let i = 0; i < 10_000; i++) {
    run(0.3);
    elapsed();
  }
  expect(elapsed() - before).toBeCloseTo(3_000, -1);
});

test("whatever happens, it never steps back and never runs slower than the monotonic clock", () => {
  const happening = fc.record({
    ms: fc.integer({ min: 0, max: 100_000 }),
    what: fc.constantFrom("run", "sleep", "back"),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 50 }), (happenings) => {
      const { elapsed, run, sleep, setWall } = machine();
      let last = elapsed();
      for (const { what, ms } of happenings) {
        if (what === "run") run(ms);
        else if (what === "sleep") sleep(ms);
        else setWall(-ms);
        const now = elapsed();
        expect(now - last).toBeGreaterThanOrEqual(what === "run" ? ms - 1e-6 : 0);
        last = now;
      }
    }),
  );
});
