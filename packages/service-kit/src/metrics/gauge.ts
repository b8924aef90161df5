/** What goes up and down. It is not told of before it is known, or once that is no more. */
export class Gauge {
  value: number | undefined;

  set(value: number): void {
    this.value = value;
  }

  /** It is not known any more. */
  clear(): void {
    this.value = undefined;
  }
}
