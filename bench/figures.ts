/*
 * `node --conditions=source bench/figures.ts [FOLDER]`: writes what is kept in bench/results (or another folder of results)
 * into the pages that show it: docs/performance.md and bench/README.md, between their markers.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BARS } from "./bars/bars.ts";
import { keptBars, RESULTS } from "./run/results.ts";
import { figuresTable, NOTHING_MEASURED, sidesTable } from "./tables/figure-tables.ts";
import { growthTable, type KeptGrowth } from "./tables/growth-table.ts";
import { writeMarked } from "./tables/marked-text.ts";

const shown = BARS.filter(({ onRequest }) => onRequest !== true);
const folder = process.argv[2] ?? RESULTS;
const bars = await keptBars(
  folder,
  shown.map(({ name }) => name),
);
const page = (path: string) => new URL(`../${path}`, import.meta.url);
const chart = (path: string) =>
  bars.length === 0 ? "" : `![How far each bar is reached](${path}bars.svg)`;
const figures = figuresTable(
  bars,
  shown.flatMap((bar) => bar.figures),
);
const both =
  bars.length === 0
    ? NOTHING_MEASURED
    : `${chart("../bench/results/")}\n\n${figures}\n\nWhat the ratios were made from:\n\n${sidesTable(bars)}`;
await writeMarked(page("docs/performance.md"), "figures", both);
await writeMarked(page("bench/README.md"), "figures", `${chart("results/")}\n\n${figures}`);

/** What grew, with its charts. */
async function growth(name: string, what: string, charts: readonly string[]): Promise<string> {
  const kept = await readFile(join(folder, `growth-${name}.json`), "utf8").catch(() => undefined);
  if (kept === undefined) return NOTHING_MEASURED;
  const drawn = charts.map((one) => `![${what}](../bench/results/growth-${one}.svg)`);
  return [...drawn, growthTable(what, JSON.parse(kept) as KeptGrowth)].join("\n\n");
}

const grown = [
  await growth("pool", "live seats of one pool", ["pool", "pool-events"]),
  await growth("pools", "pools of three live seats", ["pools"]),
];
await writeMarked(page("docs/performance.md"), "growth", grown.join("\n\n"));
console.log(`${bars.length} of ${shown.length} bars are kept`);
