import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BarOutcome, BenchSettings } from "./bar.ts";
import { lineChart, meterChart } from "./chart.ts";
import { FIGURES, type FigureName, type FigureSpec, limitText } from "./figures.ts";

const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));

/** What one bar came to, as it is kept. */
export interface KeptBar extends BarOutcome {
  readonly name: string;
  readonly title: string;
}

export interface KeptRun {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly settings: BenchSettings;
  readonly bars: readonly KeptBar[];
}

/**
 * Writes each bar into a file of its own, `<name>.json`, with its charts beside it, and a chart of all bars of the
 * run. Quick runs go to `quick/`, which is not kept.
 * @returns the folder
 */
export async function writeResults({ machine, settings, bars }: KeptRun): Promise<string> {
  const folder = settings.quick ? join(RESULTS, "quick") : RESULTS;
  await mkdir(folder, { recursive: true });
  for (const { charts = [], ...bar } of bars) {
    const kept = { machine, settings, ...bar };
    await writeFile(join(folder, `${bar.name}.json`), `${JSON.stringify(kept, undefined, 2)}\n`);
    for (const chart of charts)
      await writeFile(join(folder, `${bar.name}-${chart.name}.svg`), lineChart(chart));
  }
  await writeFile(join(folder, "bars.svg"), chartOfBars(bars));
  return folder;
}

function chartOfBars(bars: readonly KeptBar[]): string {
  const figures = bars.flatMap(({ figures }) => Object.entries(figures) as [FigureName, number][]);
  const limited = figures.flatMap(([name, figure]) => {
    const { limit }: FigureSpec = FIGURES[name];
    if (limit.kind === "reported") return [];
    const parts: readonly [number, number] =
      limit.kind === "at-least" ? [figure, limit.value] : [limit.value, figure];
    const reached = parts[1] === 0 ? (parts[0] >= 0 ? 2 : 0) : parts[0] / parts[1];
    return [{ name, reached, text: `${figure} (${limitText(name)})` }];
  });
  return meterChart("How far each bar is reached (dashed: just reached)", limited);
}
