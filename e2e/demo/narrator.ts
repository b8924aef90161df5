/** Tells a story in the terminal, and remembers whether all of it was true. */
export class Narrator {
  readonly #began = performance.now();
  readonly #colour: boolean;
  #told = 0;
  #untrue = 0;

  constructor(colour: boolean) {
    this.#colour = colour;
  }

  /** Whether every statement so far was true. */
  get allTrue(): boolean {
    return this.#untrue === 0;
  }

  chapter(title: string): void {
    console.log(`\n${this.#paint("1", title)}`);
  }

  /** Something that happens. */
  tell(text: string): void {
    console.log(`  ${text}`);
  }

  /** A statement. `found` tells what was found instead, should it be untrue. */
  check(statement: string, isTrue: boolean, found?: unknown): void {
    this.#told++;
    if (!isTrue) this.#untrue++;
    const mark = isTrue ? this.#paint("32", "✓") : this.#paint("31", "✗");
    const instead = isTrue || found === undefined ? "" : `  (found: ${JSON.stringify(found)})`;
    console.log(`  ${mark} ${statement}${instead}`);
  }

  /** The last line. */
  conclude(): void {
    const seconds = ((performance.now() - this.#began) / 1_000).toFixed(0);
    const count = `${this.#told - this.#untrue} of ${this.#told} statements hold`;
    const line = `${count}, after ${seconds} s.`;
    console.log(`\n${this.#paint(this.allTrue ? "32" : "31", line)}`);
  }

  #paint(code: string, text: string): string {
    return this.#colour ? `\u001B[${code}m${text}\u001B[0m` : text;
  }
}
