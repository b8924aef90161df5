/** Puts items in, to be carried. */
type Put<Item> = (items: readonly Item[]) => void;

/** Does some work once this turn of the event loop is over, as nobody's part. */
export type Later = (work: () => void) => void;

/** What waits for a round trip. */
export interface Backlog<Item> {
  readonly size: number;
  put(items: readonly Item[]): void;
  /** Takes out what goes along with the next one: something, if there is anything. */
  take(): readonly Item[];
}

/** All goes along with the next one. */
function everything<Item>(): Backlog<Item> {
  let waiting: Item[] = [];
  return {
    get size() {
      return waiting.length;
    },
    put: (items) => {
      for (const item of items) waiting.push(item);
    },
    take: () => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

/**
 * Carries items in round trips that set their own pace: the next one starts when the last
 * has returned, with all that was put in meanwhile. Alone an item goes at once, under load
 * many go together.
 * @param later a round trip serves many callers, and must not be taken for a part of the
 *   work of the one that set it off
 * @param carry must not reject
 */
export function selfClocked<Item>(
  later: Later,
  carry: (items: readonly Item[]) => Promise<void>,
  backlog: Backlog<Item> = everything(),
): Put<Item> {
  let busy = false;

  async function work(): Promise<void> {
    while (backlog.size > 0) await carry(backlog.take());
    busy = false;
  }

  return (items) => {
    backlog.put(items);
    if (busy || backlog.size === 0) return;
    busy = true;
    // Not at once: what this turn still brings goes along.
    later(() => void work());
  };
}

/**
 * The same in lanes, each at its own pace: what is slow in one keeps none of the others waiting.
 * @param carry must not reject; `again` puts items into the lane that they came by
 */
export function selfClockedLanes<Item>(
  later: Later,
  carry: (items: readonly Item[], again: Put<Item>) => Promise<void>,
  backlogOf: () => Backlog<Item> = everything,
): (lane: string, items: readonly Item[]) => void {
  const lanes = new Map<string, Put<Item>>();

  function laneOf(name: string): Put<Item> {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Put<Item> = selfClocked(later, (items) => carry(items, lane), backlogOf());
    lanes.set(name, lane);
    return lane;
  }

  return (name, items) => laneOf(name)(items);
}
