import { ONE_SEAT, type ReferenceClaim } from "./reference-claim.ts";

interface Waiter {
  readonly arrival: number;
  readonly priority: number;
  readonly claim: ReferenceClaim;
}

/** Those who wait for seats of a pool, as plain as can be. */
export class ReferenceQueue {
  #waiters = new Map<string, Waiter>();
  /** When those came first who ever waited: what their tickets say. */
  #tickets = new Map<string, number>();
  #epoch = 0;
  #count = 0;

  beginEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#count = 0;
  }

  /** Whoever shows no place from before comes last. */
  keep(id: string, claim: ReferenceClaim): void {
    const arrival = this.#tickets.get(id) ?? this.#epoch * 1e6 + ++this.#count;
    this.#tickets.set(id, arrival);
    this.#waiters.set(id, { arrival, claim, priority: claim.priority });
  }

  leave(id: string): void {
    this.#waiters.delete(id);
  }

  clear(): void {
    this.#waiters.clear();
  }

  /** What they want is known again when they ask again. */
  forgetClaims(): void {
    for (const [id, waiter] of this.#waiters) this.#waiters.set(id, { ...waiter, claim: ONE_SEAT });
  }

  /**
   * What those want who come before, in their order: those in front of one who waits, else all
   * of its class and above.
   */
  ahead(id: string, priority: number): readonly ReferenceClaim[] {
    const own = this.#waiters.get(id) ?? { arrival: Infinity, priority };
    return [...this.#waiters.values()]
      .filter(
        (one) =>
          one.priority > own.priority ||
          (one.priority === own.priority && one.arrival < own.arrival),
      )
      .toSorted((a, b) => b.priority - a.priority || a.arrival - b.arrival)
      .map(({ claim }) => claim);
  }
}
