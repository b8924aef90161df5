/** What only grows, since the process began. */
export class Counter {
  value = 0;

  add(count = 1): void {
    this.value += count;
  }
}
