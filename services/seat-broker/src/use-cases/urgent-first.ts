import type { Backlog } from "./self-clocked.ts";

/** How many go along, and how many may wait. */
export interface UrgentFirst<Item> {
  /** When an item's time is over, in milliseconds. */
  readonly endsAt: (item: Item) => number;
  readonly mostTaken: number;
  readonly mostWaiting: number;
  /** Told of those beyond `mostWaiting` that end last, whenever some are taken. */
  readonly refuse: (items: readonly Item[]) => void;
}

const SPAN_MS = 1_000;

/**
 * Where some have to wait for another round trip, those that end first go first, by the second. What taking costs
 * goes by how many are taken, not by how many wait: a backlog must not make itself longer.
 */
export function urgentFirst<Item>(options: UrgentFirst<Item>): Backlog<Item> {
  const { endsAt, mostTaken, mostWaiting, refuse } = options;
  // As long as all go along their order is nobody's concern.
  let unordered: Item[] = [];
  const bySpan = new Map<number, Item[]>();
  let ordered = 0;

  function order(): void {
    for (const item of unordered) {
      const span = Math.floor(endsAt(item) / SPAN_MS);
      const together = bySpan.get(span);
      if (together) together.push(item);
      else bySpan.set(span, [item]);
    }
    ordered += unordered.length;
    unordered = [];
  }

  /** So many of each span in turn, until there are enough. */
  function taken(spans: readonly number[], most: number): Item[] {
    const items: Item[] = [];
    for (const span of spans) {
      const room = most - items.length;
      if (room <= 0) break;
      const together = bySpan.get(span) ?? [];
      for (const item of together.splice(0, room)) items.push(item);
      if (together.length === 0) bySpan.delete(span);
    }
    ordered -= items.length;
    return items;
  }

  return {
    get size() {
      return ordered + unordered.length;
    },
    put: (items) => {
      for (const item of items) unordered.push(item);
    },
    take: () => {
      if (ordered === 0 && unordered.length <= mostTaken) {
        const all = unordered;
        unordered = [];
        return all;
      }
      order();
      const spans = [...bySpan.keys()].toSorted((a, b) => a - b);
      const excess = ordered - mostWaiting;
      if (excess > 0) refuse(taken(spans.toReversed(), excess));
      return taken(spans, mostTaken);
    },
  };
}
