/** What happens next, and when. */
interface Event {
  readonly at: number;
  readonly number: number;
  readonly happen: () => void | Promise<void>;
}

/** The one clock of a simulation, in milliseconds, and the one queue of all that happens by it. */
export interface VirtualTime {
  readonly now: number;
  /** How many events there were. */
  readonly events: number;
  /** Plans an event. */
  in(ms: number, happen: Event["happen"]): void;
  /** Lets everything happen until this instant, or until `isOver`. */
  runUntil(instant: number, isOver: () => boolean): Promise<void>;
}

/** @param afterEach called when an event and all that follows from it at that instant is over */
export function virtualTime(afterEach: () => void): VirtualTime {
  const planned: Event[] = []; // a heap, the earliest in front
  let now = 0;
  let number = 0;
  let events = 0;

  async function runUntil(instant: number, isOver: () => boolean): Promise<void> {
    for (let next = planned[0]; next && next.at <= instant && !isOver(); next = planned[0]) {
      pop(planned);
      now = next.at;
      events += 1;
      await next.happen();
      await settled();
      afterEach();
    }
    if (!isOver()) now = instant;
  }

  return {
    get now() {
      return now;
    },
    get events() {
      return events;
    },
    in: (ms, happen) => push(planned, { at: now + Math.max(0, ms), number: number++, happen }),
    runUntil,
  };
}

/** Until nothing more follows by itself: all promises that can go on have. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function push(heap: Event[], event: Event): void {
  let place = heap.length;
  for (;;) {
    const above = (place - 1) >> 1;
    const parent = place > 0 ? heap[above] : undefined;
    if (!parent || !isBefore(event, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const below = 2 * place + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    const isRight = left && right && isBefore(right, left);
    const child = isRight ? right : left;
    if (!child || !isBefore(child, last)) break;
    heap[place] = child;
    place = below + (isRight ? 1 : 0);
  }
  heap[place] = last;
}

function isBefore(one: Event, other: Event): boolean {
  return one.at === other.at ? one.number < other.number : one.at < other.at;
}
