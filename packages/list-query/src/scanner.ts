/** Reads a text from left to right. Patterns are sticky (`y`), so that they match at the place itself. */
export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Index of what comes next. */
  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  /** Whether something of the pattern comes next. */
  looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.text);
  }

  /** What comes next if it is of the pattern; the place is behind it then. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }
}
