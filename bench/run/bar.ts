import type { Cores } from "../site/cores.ts";
import type { Series } from "./chart.ts";
import type { FigureName, Figures } from "./figures.ts";

/** One bar: what it tells, and how it comes to it. Each stands in a file of its own. */
export interface Bar {
  readonly name: string;
  readonly title: string;
  /** What it will tell. */
  readonly figures: readonly FigureName[];
  /** Not among those that are run when none is named. */
  readonly onRequest?: boolean;
  /** What it may take at most; `usualLimitMs` if absent. It is ended then, and the others go on. */
  readonly limitMs?: (settings: BenchSettings) => number;
  readonly run: (bench: Bench) => Promise<BarOutcome>;
}

const MINUTE_MS = 60_000;

/** Two comparisons, each round three times as long as it is counted, and five minutes for starting and filling. */
export function usualLimitMs({ rounds, warmUpMs, ms }: BenchSettings): number {
  return 5 * MINUTE_MS + 2 * 3 * 2 * (rounds + 1) * (warmUpMs + ms);
}

/** What came of a bar. */
export interface BarOutcome {
  readonly figures: Figures;
  /** Rates, spreads, costs: what the figures were made from. */
  readonly details: Readonly<Record<string, number | string>>;
  /** Calls that failed, peers that could not be had. */
  readonly failures: readonly string[];
  readonly charts?: readonly Chart[];
}

/** Curves of one bar over time, or over a size. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly isLogX?: boolean;
  readonly series: readonly Series[];
}

/** How much is measured. */
export interface BenchSettings {
  readonly quick: boolean;
  readonly rounds: number;
  /** Of one side in one round, after the warm-up. */
  readonly ms: number;
  readonly warmUpMs: number;
  /** Of the bars of a million seats. */
  readonly seats: number;
  readonly seatsMs: number;
  readonly durability: Durability | undefined;
  /** Of the servers that are measured. */
  readonly nodeFlags: readonly string[];
  readonly cpuProf: boolean;
  readonly tls: TlsFiles | undefined;
  readonly peerUrl: string | undefined;
  readonly peerAdapter: string | undefined;
}

/** PEM files: what a server shows, and what the load generator verifies it with. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authorities: string;
}

/** What Redis writes to disk: nothing, within a second, before it answers. */
export type Durability = "none" | "everysec" | "always";

/** What a bar works with. */
export interface Bench {
  readonly settings: BenchSettings;
  readonly cores: Cores;
  readonly say: (line: string) => void;
}
