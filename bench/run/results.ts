import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BarOutcome, BenchSettings } from "./bar.ts";
import { lineChart, meterChart } from "./chart.ts";
import { FIGURES, type FigureName, type FigureSpec, limitText } from "./figures.ts";

/** Where results are that count. */
export const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));

/** What one bar came to, as it is kept. */
export interface KeptBar extends BarOutcome {
  readonly name: string;
  readonly title: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly settings: BenchSettings;
}

/** Where a run's results go: those of quick ones to a folder that git ignores. */
export function resultsFolder({ quick }: BenchSettings): string {
  return quick ? join(RESULTS, "quick") : RESULTS;
}

/** Writes a bar into a file of its own, `<name>.json`, with its charts beside it. */
export async function keepBar({ charts = [], ...bar }: KeptBar): Promise<void> {
  const folder = resultsFolder(bar.settings);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${bar.name}.json`), `${JSON.stringify(bar, undefined, 2)}\n`);
  for (const chart of charts)
    await writeFile(join(folder, `${bar.name}-${chart.name}.svg`), lineChart(chart));
}

/** What a folder keeps of these bars, in their order; those that were never measured are not among them. */
export async function keptBars(folder: string, names: readonly string[]): Promise<KeptBar[]> {
  const files = new Set(await readdir(folder).catch((): string[] => []));
  const kept: KeptBar[] = [];
  for (const name of names)
    if (files.has(`${name}.json`))
      kept.push(JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as KeptBar);
  return kept;
}

/** Draws all that was measured, in this run or before, as one chart. */
export async function drawBars(folder: string, names: readonly string[]): Promise<void> {
  const bars = await keptBars(folder, names);
  const figures = bars.flatMap((bar) => Object.entries(bar.figures) as [FigureName, number][]);
  const limited = figures.flatMap(([name, figure]) => {
    const { limit }: FigureSpec = FIGURES[name];
    if (limit.kind === "reported") return [];
    return [{ name, reached: reachedOf(figure, limit), text: `${figure} (${limitText(name)})` }];
  });
  const drawn = meterChart("How far each bar is reached (dashed: just reached)", limited);
  await writeFile(join(folder, "bars.svg"), drawn);
}

/** 1: just so; above it is better. */
function reachedOf(figure: number, limit: { readonly kind: string; readonly value: number }) {
  const [part, whole] = limit.kind === "at-least" ? [figure, limit.value] : [limit.value, figure];
  // Nothing where nothing may be: as good as it gets.
  if (whole === 0) return part >= 0 ? 2 : 0;
  return part / whole;
}
