/** How many findings of one part are told in words; the rest is counted. */
const TOLD = 20;

/** What a part finds: counted by figure, the first ones told in words. */
export class Findings {
  readonly #counts: Record<string, number> = {};
  readonly #told: string[] = [];
  readonly #repeat: string;

  /**
   * @param repeat how to see the same again
   * @param looked figures that are told also if they stay zero: what is looked for
   */
  constructor(repeat: string, ...looked: readonly string[]) {
    this.#repeat = repeat;
    for (const figure of looked) this.#counts[figure] = 0;
  }

  /** Notes something that was tried. */
  count(figure: string, by = 1): void {
    this.#counts[figure] = (this.#counts[figure] ?? 0) + by;
  }

  /** Notes something that should not be. */
  found(figure: string, what: string): void {
    this.count(figure);
    if (this.#told.length < TOLD) this.#told.push(`${figure}: ${what} (${this.#repeat})`);
  }

  figure(name: string): number {
    return this.#counts[name] ?? 0;
  }

  get figures(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  get failures(): readonly string[] {
    return this.#told;
  }
}
