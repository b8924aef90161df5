/*
 * What grows with a pool, and with the number of pools.
 *
 *   node --conditions=source bench/growth.ts [--sizes 1000,10000,100000,1000000] [--pools 1,10,…,100000]
 *     [--samples 200] [--json]
 *
 * One seat-broker on stores of its own, which is not restarted in between; one call at a time, as a client that waits
 * would make it. For each size of one pool, and for each number of pools (of three live seats each): p50 of AcquireSeat,
 * of unary RenewSeats and of the first page of ListSeats; how long the next AcquireSeat takes after all leases of such a pool
 * ran out at once; and how long after FLUSHALL every lease is renewed again, by the tokens that the holders carry. The
 * last two for sizes only. Writes bench/results/growth-pool.json and growth-pools.json, as far as they were asked for, and
 * charts beside them.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { watchLaunchers } from "@leasehold/testkit";
import { growthOfPool, growthOfPools, type GrowthPoint } from "./growth/measurements.ts";
import type { Bench, Chart } from "./run/bar.ts";
import { lineChart } from "./run/chart.ts";
import { machineFacts } from "./run/machine.ts";
import { planOf } from "./run/settings.ts";
import { coresHere, moveSelf } from "./site/cores.ts";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,100000,1000000" },
    pools: { type: "string", default: "1,10,100,1000,10000,100000" },
    samples: { type: "string", default: "200" },
    json: { type: "boolean", default: false },
  },
});
const RESULTS = fileURLToPath(new URL("./results/", import.meta.url));
const numbers = (text: string) =>
  text
    .split(",")
    .filter((part) => part !== "")
    .map(Number);
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
const bench: Bench = { settings: planOf([]).settings, cores: coresHere(), say };
moveSelf(bench.cores.load);
const machine = machineFacts();
const samples = Number(values.samples);

const bySize: GrowthPoint[] = [];
for (const size of numbers(values.sizes)) bySize.push(await growthOfPool(bench, size, samples));
const byPools: GrowthPoint[] = [];
for (const pools of numbers(values.pools)) byPools.push(await growthOfPools(bench, pools, samples));

/** Figures of one size. */
type Curves = Pick<GrowthPoint, "at" | "figures">;

function chartOf(name: string, title: string, x: string, points: readonly Curves[]): Chart {
  const names = [...new Set(points.flatMap(({ figures }) => Object.keys(figures)))];
  const series = names.map((figure) => ({
    name: figure,
    points: points.flatMap(({ at, figures }) => {
      const value = figures[figure];
      return value === undefined ? [] : [[at, value] as const];
    }),
  }));
  return { name, title, x, y: "ms", isLogX: true, series };
}

const isLong = (name: string) => name.startsWith("expiry") || name.startsWith("recovery");
const only = (points: readonly GrowthPoint[], keep: (name: string) => boolean) =>
  points.map(({ at, figures }) => ({
    at,
    figures: Object.fromEntries(Object.entries(figures).filter(([name]) => keep(name))),
  }));

/** What was measured of one kind, and charts of it. */
async function keep(name: string, points: readonly GrowthPoint[], charts: readonly Chart[]) {
  if (points.length === 0) return;
  await mkdir(RESULTS, { recursive: true });
  const kept = JSON.stringify({ machine, samples, points }, undefined, 2);
  await writeFile(join(RESULTS, `growth-${name}.json`), `${kept}\n`);
  for (const chart of charts)
    await writeFile(join(RESULTS, `growth-${chart.name}.svg`), lineChart(chart));
}

await keep("pool", bySize, [
  chartOf(
    "pool",
    "One pool",
    "live seats",
    only(bySize, (name) => !isLong(name)),
  ),
  chartOf("pool-events", "One pool: expiry and recovery", "live seats", only(bySize, isLong)),
]);
await keep("pools", byPools, [chartOf("pools", "Many pools", "pools", byPools)]);
const failures = [...bySize, ...byPools].flatMap((point) => point.failures);
const figures = Object.fromEntries(
  [
    ...bySize.map((point) => ["seats", point] as const),
    ...byPools.map((point) => ["pools", point] as const),
  ].flatMap(([unit, point]) =>
    Object.entries(point.figures).map(([name, value]) => [`${name}@${point.at} ${unit}`, value]),
  ),
);
for (const failure of failures) say(`✗ ${failure}`);
console.log(JSON.stringify({ ok: failures.length === 0, figures, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
