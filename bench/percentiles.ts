/** Where samples lie, in their unit, to a tenth. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @param samples at least one */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
    return Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  };
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
