import { Histogram } from "../load/histogram.ts";
import type { Report } from "../load/orders.ts";
import { cpuMsOf } from "../site/process-costs.ts";
import type { Bench } from "./bar.ts";

/** Processes by what they are; more than one where they do the same. */
export type Parts = Readonly<Record<string, readonly number[]>>;

/** One of two that are compared. */
export interface Side {
  readonly name: string;
  readonly run: (warmUpMs: number, ms: number) => Promise<Report>;
  /** Puts things back as they were before the run; not measured. */
  readonly reset?: () => Promise<void>;
  /** Whose processor time is told: of the server, and of the stores that it cannot do without. */
  readonly parts?: Parts;
}

export interface Measured {
  /** Each of one round, in their order. */
  readonly perSecond: readonly number[];
  readonly p50Ms: readonly number[];
  readonly p99Ms: readonly number[];
  /** Microseconds of the processors that each part took for each one that was done, warm-up included. */
  readonly cpuMicros: Readonly<Record<string, readonly number[]>>;
  readonly failures: readonly string[];
}

export interface Comparison {
  readonly a: Measured;
  readonly b: Measured;
}

/**
 * Lets two sides take turns, so that whatever else the machine does meets both; who is first changes
 * from round to round. Each runs once before, which only counts if something fails.
 */
export async function compare(
  { settings, say }: Pick<Bench, "settings" | "say">,
  a: Side,
  b: Side,
): Promise<Comparison> {
  const [ofA, ofB] = [collecting(a), collecting(b)];
  for (const one of [ofA, ofB]) await one.warmUp(settings.ms);
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const one of round % 2 === 1 ? [ofA, ofB] : [ofB, ofA])
      await one.round(settings.warmUpMs, settings.ms);
    say(`  round ${round}: ${ofA.last()} | ${ofB.last()}`);
  }
  return { a: ofA.measured, b: ofB.measured };
}

function collecting(side: Side) {
  const parts = Object.entries(side.parts ?? {});
  const measured = {
    perSecond: [] as number[],
    p50Ms: [] as number[],
    p99Ms: [] as number[],
    cpuMicros: Object.fromEntries(parts.map(([part]) => [part, [] as number[]])),
    failures: [] as string[],
  };
  const cpu = () =>
    Promise.all(parts.map(async ([part, pids]) => [part, await cpuMsOf(pids)] as const));
  return {
    measured: measured satisfies Measured,
    /** Code that has not run yet is slow on every side. */
    warmUp: async (ms: number) => {
      measured.failures.push(...failuresOf(side.name, await side.run(0, ms)));
      await side.reset?.();
    },
    last: () => `${side.name} ${Math.round(measured.perSecond.at(-1) ?? 0)}/s`,
    round: async (warmUpMs: number, ms: number) => {
      const before = new Map(await cpu());
      const report = await side.run(warmUpMs, ms);
      const after = await cpu();
      const { count, latencies } = report;
      const histogram = new Histogram();
      histogram.add(latencies);
      measured.perSecond.push((1_000 * count) / report.ms);
      measured.p50Ms.push(histogram.at(0.5) / 1_000);
      measured.p99Ms.push(histogram.at(0.99) / 1_000);
      const done = (count * (warmUpMs + ms)) / ms;
      for (const [part, cpuMs] of after)
        measured.cpuMicros[part]?.push((1_000 * (cpuMs - (before.get(part) ?? 0))) / done);
      measured.failures.push(...failuresOf(side.name, report));
      await side.reset?.();
    },
  };
}

/** In words: a run in which calls failed is no measurement. */
export function failuresOf(name: string, { failed, count }: Report): readonly string[] {
  const failures = Object.entries(failed).map(
    ([what, times]) => `${name}: ${what}, ${times} times`,
  );
  return count === 0 ? [...failures, `${name}: nothing was done`] : failures;
}

/** @param samples at least one */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  );
}

/** Three digits that count. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The medians' ratio, and the least and greatest ratio of single rounds. */
export function ratioOf(
  { a, b }: Comparison,
  what: "perSecond" | "p50Ms" | "p99Ms" = "perSecond",
): { readonly ratio: number; readonly least: number; readonly most: number } {
  const single = a[what].map((value, round) => value / (b[what][round] ?? Number.NaN));
  return {
    ratio: rounded(median(a[what]) / median(b[what])),
    least: rounded(Math.min(...single)),
    most: rounded(Math.max(...single)),
  };
}

/** By what name the processor time stands among the details of a result. */
export const cpuName = (side: string, part: string): string => `${side}, µs of ${part}`;

/** What a comparison tells beside its figure. */
export function detailsOf(
  { a, b }: Comparison,
  [nameA, nameB]: readonly [string, string],
  what: "perSecond" | "p50Ms" | "p99Ms" = "perSecond",
): Readonly<Record<string, number | string>> {
  const { least, most } = ratioOf({ a, b }, what);
  const spread = (samples: readonly number[]) =>
    `${rounded(median(samples))} (${rounded(Math.min(...samples))}–${rounded(Math.max(...samples))})`;
  const told = (name: string, side: Measured) => ({
    [`${name}, a second`]: spread(side.perSecond),
    [`${name}, p50 ms`]: spread(side.p50Ms),
    [`${name}, p99 ms`]: spread(side.p99Ms),
    ...Object.fromEntries(
      Object.entries(side.cpuMicros).map(([part, micros]) => [cpuName(name, part), spread(micros)]),
    ),
  });
  return { ...told(nameA, a), ...told(nameB, b), "ratio of single rounds": `${least}–${most}` };
}
