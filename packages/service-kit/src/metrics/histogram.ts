/** In seconds: from what Redis takes alone to what a call may take. */
export const DURATIONS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** How many are dealt with together. */
export const SIZES: readonly number[] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];

/** How values are spread: how many of them are in each bucket. Observing one allocates nothing. */
export class Histogram {
  readonly bounds: readonly number[];
  /** One more than bounds: behind the last one is what exceeds them all. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  /** @param bounds the greatest value of each bucket, rising */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }
}
