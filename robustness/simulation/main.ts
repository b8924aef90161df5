import { parseArgs } from "node:util";
import { runSimulation, withOwnRedis } from "./simulate.ts";

// Replays simulations: --seed X tells the history of one, --runs N goes on with X+1, X+2, …

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "1" },
    minutes: { type: "string", default: "10" },
  },
});
const first = Number(values.seed);
const seeds = Array.from({ length: Number(values.runs) }, (_, index) => String(first + index));
const startedAt = performance.now();
const figures = await withOwnRedis((redisUrl) =>
  runSimulation({ redisUrl, seeds, troubledMs: Number(values.minutes) * 60_000 }),
);
const { runs, violations, ...sums } = figures;
const told = runs.length === 1 ? runs : runs.filter((run) => run.violations.length > 0);
for (const run of told.slice(0, 1)) console.log(run.history.join("\n"));
for (const { seed, kind, at, text } of violations)
  console.log(`seed ${seed}, at ${(at / 1_000).toFixed(3)} s: ${kind}: ${text}`);
console.log(sums, `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
process.exitCode = violations.length > 0 ? 1 : 0;
