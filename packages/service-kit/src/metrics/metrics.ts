import { Counter } from "./counter.ts";
import { Family, type MetricFacts } from "./family.ts";
import { Gauge } from "./gauge.ts";
import { DURATIONS, Histogram } from "./histogram.ts";

/** Any metric. */
export type AnyFamily =
  | { readonly kind: "counter"; readonly family: Family<Counter> }
  | { readonly kind: "gauge"; readonly family: Family<Gauge> }
  | { readonly kind: "histogram"; readonly family: Family<Histogram> };

/** Finds out what is not counted as it happens. A gauge that it cannot find out it clears. */
export type Look = () => void | Promise<void>;

const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * The metrics of one process. Values are kept in objects of our own, so that counting is an addition;
 * they are made into something else when somebody reads them.
 */
export class Metrics {
  readonly #families = new Map<string, AnyFamily>();
  readonly #looks = new Set<Look>();

  counterFamily(facts: MetricFacts): Family<Counter> {
    const family = new Family(facts, () => new Counter());
    this.#enter({ kind: "counter", family });
    return family;
  }

  gaugeFamily(facts: MetricFacts): Family<Gauge> {
    const family = new Family(facts, () => new Gauge());
    this.#enter({ kind: "gauge", family });
    return family;
  }

  histogramFamily(facts: MetricFacts, bounds = DURATIONS): Family<Histogram> {
    const family = new Family(facts, () => new Histogram(bounds));
    this.#enter({ kind: "histogram", family });
    return family;
  }

  counter(facts: MetricFacts): Counter {
    return this.counterFamily(facts).with({});
  }

  gauge(facts: MetricFacts): Gauge {
    return this.gaugeFamily(facts).with({});
  }

  histogram(facts: MetricFacts, bounds = DURATIONS): Histogram {
    return this.histogramFamily(facts, bounds).with({});
  }

  /** One counter for each value of a label, 0 from the beginning. */
  counters<Value extends string>(
    facts: MetricFacts,
    label: string,
    values: readonly Value[],
  ): Readonly<Record<Value, Counter>> {
    return eachOf(this.counterFamily(facts), label, values);
  }

  /** One gauge for each value of a label. */
  gauges<Value extends string>(
    facts: MetricFacts,
    label: string,
    values: readonly Value[],
  ): Readonly<Record<Value, Gauge>> {
    return eachOf(this.gaugeFamily(facts), label, values);
  }

  /** Looks each time before the metrics are read. Disposing ends that. */
  look(look: Look): Disposable {
    this.#looks.add(look);
    return { [Symbol.dispose]: () => void this.#looks.delete(look) };
  }

  /** Takes the looks that there are; what went wrong with some of them. */
  async refresh(): Promise<readonly unknown[]> {
    const outcomes = await Promise.allSettled(Array.from(this.#looks, async (look) => look()));
    return outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason as unknown] : [],
    );
  }

  get families(): Iterable<AnyFamily> {
    return this.#families.values();
  }

  /** @throws Error if the name is none, or taken: a defect */
  #enter(entered: AnyFamily): void {
    const { name } = entered.family.facts;
    const counts = entered.kind === "counter";
    if (!NAME.test(name) || name.endsWith("_total") !== counts)
      throw new Error(`${name} is no name of a ${entered.kind}`);
    if (this.#families.has(name)) throw new Error(`there is a metric ${name} already`);
    this.#families.set(name, entered);
  }
}

function eachOf<Cell extends Counter | Gauge, Value extends string>(
  family: Family<Cell>,
  label: string,
  values: readonly Value[],
): Readonly<Record<Value, Cell>> {
  const entries = values.map((value) => [value, family.with({ [label]: value })] as const);
  return Object.fromEntries(entries) as Record<Value, Cell>;
}
