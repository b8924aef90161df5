/*
 * `node --conditions=source bench/figures.ts [FOLDER]`: writes what is kept in bench/results (or another folder of results)
 * into the pages that show it: docs/performance.md and bench/README.md, between their markers.
 */
import { BARS } from "./bars/bars.ts";
import { keptBars, RESULTS } from "./run/results.ts";
import { figuresTable, NOTHING_MEASURED, sidesTable } from "./tables/figure-tables.ts";
import { writeMarked } from "./tables/marked-text.ts";

const shown = BARS.filter(({ onRequest }) => onRequest !== true);
const bars = await keptBars(
  process.argv[2] ?? RESULTS,
  shown.map(({ name }) => name),
);
const page = (path: string) => new URL(`../${path}`, import.meta.url);
const chart = (folder: string) =>
  bars.length === 0 ? "" : `![How far each bar is reached](${folder}bars.svg)`;
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
console.log(`${bars.length} of ${shown.length} bars are kept`);
