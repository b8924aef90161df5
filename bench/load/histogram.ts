/** A power of two is cut into so many parts: a figure is wrong by 1 % at most. */
const PARTS = 128;
const PART_BITS = 7;
const LONGEST_US = 2 ** 31 - 1;

/** What a process tells another of its latencies: counts by place. */
export type Counts = readonly (readonly [place: number, count: number])[];

/**
 * Latencies, counted in parts that grow with them; those of several processes can be put together.
 * (Node's own histogram of this kind cannot leave its process.)
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #size = 0;
  #longest = 0;

  get size(): number {
    return this.#size;
  }

  /** In microseconds. */
  record(us: number): void {
    const whole = Math.min(LONGEST_US, Math.max(0, Math.round(us)));
    this.#add(placeOf(whole), 1);
    if (whole > this.#longest) this.#longest = whole;
  }

  /** @param share 0 to 1. @returns the microseconds that so many did not exceed; NaN if there are none */
  at(share: number): number {
    if (this.#size === 0) return Number.NaN;
    const wanted = Math.max(1, Math.ceil(share * this.#size));
    let seen = 0;
    for (const [place, count] of this.counts()) {
      seen += count;
      if (seen >= wanted) return Math.min(mostAt(place), this.#longest);
    }
    return this.#longest;
  }

  counts(): Counts {
    return [...this.#counts].toSorted(([a], [b]) => a - b);
  }

  add(counts: Counts): void {
    for (const [place, count] of counts) {
      this.#add(place, count);
      this.#longest = Math.max(this.#longest, mostAt(place));
    }
  }

  #add(place: number, count: number): void {
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + count);
    this.#size += count;
  }
}

function placeOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - PART_BITS);
  return shift * PARTS + (us >>> shift);
}

/** The longest latency of a place. */
function mostAt(place: number): number {
  const shift = Math.max(0, Math.floor(place / PARTS) - 1);
  return (place - shift * PARTS + 1) * 2 ** shift - 1;
}
