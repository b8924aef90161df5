import type { Clock, Uuid } from "@leasehold/kernel";
import { callLimit } from "../domain/call-limit.ts";
import { overloaded } from "../domain/seat-problems.ts";
import type { SeatStore } from "./ports.ts";

/** Counters, since the process began where nothing else is said. */
export interface GateStanding {
  /** How many may be under way now. */
  readonly limit: number;
  readonly underWay: number;
  readonly queued: number;
  readonly passed: number;
  readonly refused: number;
}

/** Keeps questions for seats few enough that renewals are not kept waiting behind them. */
export interface AcquireGate {
  /**
   * Does the work when its turn has come. Installations take turns, and those that ask the most are
   * refused first, so that one that asks a lot keeps none of the others from their seats.
   * @throws Problem OVERLOADED if the turn does not come in time; the work is not done then
   */
  pass<Result>(installation: Uuid, work: () => Promise<Result>): Promise<Result>;
  standing(): GateStanding;
}

interface Queued {
  readonly installation: Uuid;
  readonly since: number;
  readonly admit: () => void;
  readonly refuse: () => void;
}

const MOST_QUEUED = 1_024;
/**
 * Half of what the contract gives a call. Nobody needs to watch over it: a call under way returns, if
 * only by its own limit, and then those who have waited for too long are refused.
 */
const LONGEST_WAIT_MS = 1_000;

export function acquireGate(clock: Pick<Clock, "monotonic">): AcquireGate {
  const limit = callLimit();
  const queue = fairQueue();
  let underWay = 0;
  let passed = 0;
  let refused = 0;

  function refuseLate(now: number): void {
    for (let first = queue.oldest(); first; first = queue.oldest()) {
      if (now - first.since <= LONGEST_WAIT_MS) return;
      queue.remove(first);
      first.refuse();
    }
  }

  function admitNext(): void {
    while (underWay < limit.current()) {
      const next = queue.take();
      if (!next) return;
      underWay += 1;
      next.admit();
    }
  }

  async function turn(installation: Uuid): Promise<void> {
    const now = clock.monotonic();
    refuseLate(now);
    if (underWay < limit.current() && queue.size() === 0) {
      underWay += 1;
      return;
    }
    if (queue.size() >= MOST_QUEUED) {
      const pushedOut = queue.takeLastOfLongest(installation);
      if (!pushedOut) throw overloaded();
      pushedOut.refuse();
    }
    await new Promise<void>((admit, reject) => {
      const refuse = () => reject(overloaded());
      queue.put({ installation, since: now, admit, refuse });
    });
  }

  return {
    pass: async (installation, work) => {
      await turn(installation).catch((refusal: unknown) => {
        refused += 1;
        throw refusal;
      });
      const beganAt = clock.monotonic();
      try {
        return await work();
      } finally {
        const now = clock.monotonic();
        limit.returned({ beganAt, tookMs: now - beganAt }, underWay >= limit.current());
        underWay -= 1;
        passed += 1;
        refuseLate(now);
        admitNext();
      }
    },
    standing: () => ({ limit: limit.current(), underWay, queued: queue.size(), passed, refused }),
  };
}

/** First come, first served for each installation; the installations take turns. */
function fairQueue() {
  const arrivals = new Set<Queued>();
  /** Whose turn it is next stands first. */
  const turns = new Map<Uuid, Queued[]>();

  /** Only ever called with the first of its installation. */
  function remove(first: Queued): void {
    const { installation } = first;
    arrivals.delete(first);
    const own = turns.get(installation);
    own?.shift();
    if (own?.length === 0) turns.delete(installation);
  }

  return {
    size: () => arrivals.size,
    oldest: (): Queued | undefined => arrivals.values().next().value,
    put: (queued: Queued): void => {
      arrivals.add(queued);
      const own = turns.get(queued.installation);
      if (own) own.push(queued);
      else turns.set(queued.installation, [queued]);
    },
    take: (): Queued | undefined => {
      const [installation, own] = turns.entries().next().value ?? [];
      const first = own?.[0];
      if (installation === undefined || !own || !first) return undefined;
      remove(first);
      if (turns.delete(installation)) turns.set(installation, own);
      return first;
    },
    remove,
    /** Nobody, if no installation has more in the queue than this one would have. */
    takeLastOfLongest: (installation: Uuid): Queued | undefined => {
      let longest = turns.get(installation) ?? [];
      const own = longest.length + 1;
      for (const queued of turns.values()) if (queued.length > longest.length) longest = queued;
      const last = longest.length > own ? longest.pop() : undefined;
      if (last) arrivals.delete(last);
      return last;
    },
  };
}

/** The same store, with questions for seats let through the gate. Renewals and releases have none. */
export function behindGate<Store extends SeatStore>(seats: Store, gate: AcquireGate): Store {
  return {
    ...seats,
    acquire: (request, decided) =>
      gate.pass(request.holder.installation, () => seats.acquire(request, decided)),
    wait: (request, decided) =>
      gate.pass(request.holder.installation, () => seats.wait(request, decided)),
  };
}
