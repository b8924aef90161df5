import type { Counter } from "./counter.ts";
import type { Gauge } from "./gauge.ts";
import type { Histogram } from "./histogram.ts";

/** What a metric is, for whoever reads it. */
export interface MetricFacts {
  /** `leasehold_…`, with its unit behind it; of a counter `…_total`. */
  readonly name: string;
  readonly help: string;
}

/** By which of its kinds a value is told apart. Few, known beforehand, and of nobody. */
export type Labels = Readonly<Record<string, string>>;

/** A metric with a value for each set of labels. */
export class Family<Cell extends Counter | Gauge | Histogram> {
  readonly facts: MetricFacts;
  readonly #make: () => Cell;
  readonly #cells = new Map<string, readonly [labels: Labels, cell: Cell]>();

  constructor(facts: MetricFacts, make: () => Cell) {
    this.facts = facts;
    this.#make = make;
  }

  /** The value with these labels. Whoever counts on the hot path looks it up once and keeps it. */
  with(labels: Labels): Cell {
    const key = JSON.stringify(labels);
    const known = this.#cells.get(key);
    if (known) return known[1];
    const cell = this.#make();
    this.#cells.set(key, [labels, cell]);
    return cell;
  }

  get cells(): Iterable<readonly [labels: Labels, cell: Cell]> {
    return this.#cells.values();
  }
}
