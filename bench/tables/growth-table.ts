import { table } from "./marked-text.ts";

/** One size, and what was measured at it, in milliseconds by what it is. */
interface GrownPoint {
  readonly at: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** What growth.ts keeps of one thing that grows. */
export interface KeptGrowth {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly points: readonly GrownPoint[];
}

/**
 * A row for each size, a column for each figure.
 * @param what grows, as the first column is called
 */
export function growthTable(what: string, { machine, points }: KeptGrowth): string {
  const names = [...new Set(points.flatMap(({ figures }) => Object.keys(figures)))];
  const rows = points.map(({ at, figures }) => [
    at.toLocaleString("en"),
    ...names.map((name) => String(figures[name] ?? "–")),
  ]);
  const head = [what, ...names.map((name) => `${name}, ms`)];
  const day = String(machine["time"]).slice(0, 10);
  return `${table(head, rows)}\n\nMeasured ${day} on ${machine["processors"]}, commit ${machine["commit"]}.`;
}
