import { status } from "@grpc/grpc-js";
import { Histogram } from "./histogram.ts";
import type { Report } from "./orders.ts";

/** Counts of one run, from its warm-up on. */
export class Tally {
  readonly #countedFrom: number;
  readonly #until: number;
  readonly #histogram = new Histogram();
  readonly #failed = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #count = 0;

  /** In milliseconds of the monotonic clock. */
  constructor(countedFrom: number, until: number) {
    this.#countedFrom = countedFrom;
    this.#until = until;
  }

  /** So much was done by `at`, in a call that began at `since`. */
  did(count: number, since: number, at: number): void {
    if (at < this.#countedFrom || at > this.#until) return;
    this.#count += count;
    this.#histogram.record(1_000 * (at - since));
  }

  failed(what: number | string, count = 1): void {
    const name = typeof what === "number" ? (status[what] ?? `status ${what}`) : what;
    this.#failed.set(name, (this.#failed.get(name) ?? 0) + count);
  }

  /** Counts something by its name, at whatever time. */
  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  report(endedAt: number): Report {
    return {
      count: this.#count,
      ms: Math.min(endedAt, this.#until) - this.#countedFrom,
      failed: Object.fromEntries(this.#failed),
      latencies: this.#histogram.counts(),
      counts: Object.fromEntries(this.#counts),
    };
  }
}
