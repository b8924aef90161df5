import { testRedis } from "@leasehold/testkit";
import { expect, test, vi } from "vitest";
import { FAULTS } from "./faults.ts";
import { runSimulation, type SimulationFigures } from "./simulate.ts";

vi.setConfig({ testTimeout: 300_000 }); // as long as the machine is busy

const SEEDS = Array.from({ length: 9 }, (_, index) => String(index + 1));

test("no history breaks a promise, whatever goes wrong", async () => {
  await using redis = await testRedis();
  const figures = await runSimulation({ redisUrl: redis.url, seeds: SEEDS });
  tell(figures);
  expect(figures.violations).toEqual([]);
  // Nothing would be shown by histories in which nothing happens.
  expect(Object.keys(figures.faults)).toEqual(expect.arrayContaining(Object.keys(FAULTS)));
  expect(figures.atCap).toBeGreaterThan(0.3);
  expect(figures.grants).toBeGreaterThan(300);
  expect(figures.contended).toBeGreaterThan(100);
  expect(figures.learningWindows).toBeGreaterThan(50);
});

test.each([
  "redis-flushed",
  "key-lost",
  "clock-stepped",
  "postgres-away",
  "broker-killed",
] as const)("no holder loses its seat over this alone: %s", async (fault) => {
  await using redis = await testRedis();
  const { faults, grants, lost, violations } = await runSimulation({
    redisUrl: redis.url,
    seeds: ["1"],
    faults: [fault],
  });
  expect(faults[fault]).toBeGreaterThan(5);
  expect(grants).toBeGreaterThan(5);
  expect({ lost, violations }).toEqual({ lost: 0, violations: [] });
});

test("the same seed makes the same history", async () => {
  await using redis = await testRedis();
  const { runs } = await runSimulation({
    redisUrl: redis.url,
    seeds: ["same", "same", "other"],
    troubledMs: 120_000,
  });
  const [one, again, other] = runs.map(({ digest }) => digest);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

function tell({ runs, violations, faults, ...sums }: SimulationFigures): void {
  console.log(JSON.stringify({ seeds: runs.length, ...sums, faults }));
  for (const { seed, kind, at, text } of violations)
    console.log(`seed ${seed}, at ${Math.round(at)} ms: ${kind}: ${text}`);
}
