/** Puts items in, to be carried. */
type Put<Item> = (items: readonly Item[]) => void;

/** Does some work as nobody's part: at once, or once this turn of the event loop is over. */
export type Apart = (work: () => void, when: "now" | "later") => void;

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

/** How items are carried. */
export interface Clocking<Item> {
  /**
   * A round trip serves many callers, and must not be taken for a part of the work of the one
   * that set it off.
   */
  readonly apart: Apart;
  /** So many are worth a round trip of their own beside those under way, unless those carry four times as many. */
  readonly enough: number;
  /** What keeps those that wait; all go along with the next one if absent. */
  readonly backlog?: () => Backlog<Item>;
}

/** With so many times enough under way Redis is busy, and what waits had better go together. */
const PLENTY = 4;

/**
 * Carries items in round trips that set their own pace: the next one starts when the last
 * has returned, with all that was put in meanwhile, or at once with enough of them, so that Redis
 * works while more come in. Alone an item goes at once, under load many go together; the more, the heavier it is.
 * @param carry must not reject
 */
export function selfClocked<Item>(
  { apart, enough, backlog: backlogOf = everything }: Clocking<Item>,
  carry: (items: readonly Item[]) => Promise<void>,
): Put<Item> {
  const backlog = backlogOf();
  /** Items, not round trips. */
  let underWay = 0;
  let isAboutToStart = false;

  const isFull = () => backlog.size >= enough && underWay < PLENTY * enough;
  const isDue = () => isFull() || (backlog.size > 0 && underWay === 0);

  async function work(): Promise<void> {
    isAboutToStart = false;
    while (isDue()) {
      const items = backlog.take();
      underWay += items.length;
      await carry(items);
      underWay -= items.length;
    }
  }

  return (items) => {
    backlog.put(items);
    if (isFull()) apart(() => void work(), "now");
    if (isAboutToStart || !isDue()) return;
    isAboutToStart = true;
    // Not at once: what this turn still brings goes along.
    apart(() => void work(), "later");
  };
}

/**
 * The same in lanes, each at its own pace: what is slow in one keeps none of the others waiting.
 * @param carry must not reject; `again` puts items into the lane that they came by
 */
export function selfClockedLanes<Item>(
  clocking: Clocking<Item>,
  carry: (items: readonly Item[], again: Put<Item>) => Promise<void>,
): (lane: string, items: readonly Item[]) => void {
  const lanes = new Map<string, Put<Item>>();

  function laneOf(name: string): Put<Item> {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Put<Item> = selfClocked(clocking, (items) => carry(items, lane));
    lanes.set(name, lane);
    return lane;
  }

  return (name, items) => laneOf(name)(items);
}
