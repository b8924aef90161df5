/** Calls that are under way, and that somebody may want to see through. */
export class PendingCalls {
  readonly #calls = new Set<Promise<unknown>>();

  /** @returns the same call */
  track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    const forget = () => void this.#calls.delete(call);
    call.then(forget, forget);
    return call;
  }

  /** Resolves once none is under way, however they end. */
  async settled(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls);
  }
}
