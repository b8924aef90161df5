import { type FigureName, FIGURES, limitText, meets } from "../run/figures.ts";
import type { KeptBar } from "../run/results.ts";
import { table } from "./marked-text.ts";

export const NOTHING_MEASURED = "Nothing was measured yet.";

/** What a comparison tells of a side, by what stands behind its name. */
const OF_A_SIDE = [", a second", ", p50 ms", ", p99 ms"] as const;
const PROCESSOR = ", µs of ";

/**
 * Every figure of the bars with what it must be, and what it was measured on.
 * @param names of all figures, in their order; what was not measured is told to be so
 */
export function figuresTable(bars: readonly KeptBar[], names: readonly FigureName[]): string {
  if (bars.length === 0) return NOTHING_MEASURED;
  const rows = names.map((name) => {
    const bar = bars.find(({ figures }) => figures[name] !== undefined);
    return [FIGURES[name].what, `\`${name}\``, limitText(name), measured(name, bar)];
  });
  return `${table(["what", "name", "must be", "measured"], rows)}\n\n${measuredOn(bars)}`;
}

function measured(name: FigureName, bar: KeptBar | undefined): string {
  const figure = bar?.figures[name];
  if (bar === undefined || figure === undefined) return "not measured";
  // A bar in which calls failed is not reached, whatever it tells.
  const isReached = meets(name, figure) && bar.failures.length === 0;
  return `${figure}${sizeOf(bar)}${isReached ? "" : " ✗"}`;
}

/** Of what a million seats are measured by, where they were fewer. */
function sizeOf({ name, settings: { seats } }: KeptBar): string {
  if (!name.startsWith("million") || seats === 1_000_000) return "";
  return ` at ${seats.toLocaleString("en")} seats`;
}

/** Rates, latencies and processor time of the two sides that each ratio is of. Medians of the rounds. */
export function sidesTable(bars: readonly KeptBar[]): string {
  const rows = bars.flatMap((bar) =>
    sidesOf(bar).map((side) => [
      bar.name,
      side,
      ...OF_A_SIDE.map((what) => medianIn(bar.details[`${side}${what}`])),
      processorsOf(bar, side),
    ]),
  );
  if (rows.length === 0) return NOTHING_MEASURED;
  return table(["bar", "side", "a second", "p50 ms", "p99 ms", "µs of a processor for each"], rows);
}

function sidesOf({ details }: KeptBar): readonly string[] {
  const [rate] = OF_A_SIDE;
  return Object.keys(details)
    .flatMap((name) => (name.endsWith(rate) ? [name.slice(0, -rate.length)] : []))
    .filter((side) => `${side}${OF_A_SIDE[1]}` in details);
}

function processorsOf({ details }: KeptBar, side: string): string {
  const prefix = `${side}${PROCESSOR}`;
  return Object.entries(details)
    .flatMap(([name, detail]) =>
      name.startsWith(prefix) ? [`${name.slice(prefix.length)} ${medianIn(detail)}`] : [],
    )
    .join(", ");
}

/** A detail is a median with the least and the greatest of the rounds behind it. */
export function medianIn(detail: number | string | undefined): string {
  return String(detail ?? "–").replace(/ \(.*$/, "");
}

function measuredOn(bars: readonly KeptBar[]): string {
  const all = (name: string) =>
    [...new Set(bars.map(({ machine }) => String(machine[name] ?? "")))].join(", ");
  const details = (name: string) =>
    [...new Set(bars.flatMap((bar) => bar.details[name] ?? []))].join(", ");
  const days = [...new Set(bars.map(({ machine }) => String(machine["time"]).slice(0, 10)))];
  const facts = [
    ["processors", all("processors")],
    ["memory", `${all("memoryGiB")} GiB`],
    ["governor", all("governor")],
    ["kernel", all("kernel")],
    ["Node", all("node")],
    ["Redis", details("redis")],
    ["Postgres", details("postgres")],
    ["peer", details("peer")],
    ["Redis writes to disk", details("Redis writes to disk")],
    ["transport", details("transport")],
    ["flags of Node", details("flags of Node")],
    ["load average before", all("loadBefore")],
    ["commit", all("commit")],
  ].filter(([, fact]) => fact !== "");
  return `Measured ${days.join(", ")}: ${facts.map(([name, fact]) => `${name} ${fact}`).join("; ")}.`;
}
