/** Puts items in, to be carried. */
type Put<Item> = (items: readonly Item[]) => void;

/** Does some work once this turn of the event loop is over, as nobody's part. */
export type Later = (work: () => void) => void;

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
): Put<Item> {
  let waiting: Item[] = [];
  let busy = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      await carry(items);
    }
    busy = false;
  }

  return (items) => {
    for (const item of items) waiting.push(item);
    if (busy || waiting.length === 0) return;
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
): (lane: string, items: readonly Item[]) => void {
  const lanes = new Map<string, Put<Item>>();

  function laneOf(name: string): Put<Item> {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Put<Item> = selfClocked(later, (items) => carry(items, lane));
    lanes.set(name, lane);
    return lane;
  }

  return (name, items) => laneOf(name)(items);
}
