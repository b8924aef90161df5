import type { Timings } from "../site/timings.ts";
import { isSettled } from "./calm.ts";
import type { History, Holding, PoolLook, Waiting } from "./history.ts";
import { told } from "./stretches.ts";

type Seen = Pick<History, "holdings" | "waitings" | "looks" | "outages" | "disturbances" | "from">;

/** What a check found, and how often it had something to look at. */
export interface Found {
  readonly failures: readonly string[];
  readonly checked: number;
}

/** Who is served at the same time may hear of it so much later, on a busy machine. In milliseconds. */
const SLACK_MS = 1_500;
/** For so long at most a seat may be free while somebody waits. */
const IDLE_MS = 2_000;

/**
 * Grants to somebody who asked when another one was known to be in the queue, and still was well after
 * the grant. Only where nothing was wrong, with the waiter or with the cluster.
 */
export function outOfOrder(history: Seen, timings: Timings): Found {
  const failures: string[] = [];
  let checked = 0;
  const grants = [...history.holdings].sort((a, b) => a.askedAt - b.askedAt);
  for (const waiting of history.waitings) {
    if (waiting.disturbed) continue;
    const later = grants.slice(firstAskedAfter(grants, waiting.from));
    for (const grant of later) {
      if (grant.askedAt > waiting.until) break;
      const span = { from: waiting.from, until: grant.from + SLACK_MS };
      if (!isSettled(history, span, timings)) continue;
      checked += 1;
      if (waiting.until > span.until) failures.push(overtaken(history, waiting, grant));
    }
  }
  return { failures, checked };
}

function overtaken({ from }: Seen, waiting: Waiting, grant: Holding): string {
  return `${waiting.agent} waited from ${told(from, waiting.from)} to ${told(from, waiting.until)}, but ${grant.agent}, who asked at ${told(from, grant.askedAt)}, was granted a seat at ${told(from, grant.from)}`;
}

function firstAskedAfter(grants: readonly Holding[], at: number): number {
  let [low, high] = [0, grants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((grants[middle]?.askedAt ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Times in which the server had free seats, and the same waiter waited all along, outside recoveries. */
export function idleSeats(history: Seen, timings: Timings): Found {
  const waitings = history.waitings.filter(({ disturbed }) => !disturbed);
  const failures: string[] = [];
  let checked = 0;
  let idle: PoolLook | undefined;
  for (const look of history.looks) {
    const span = { from: idle?.at ?? look.at, until: look.at };
    const waiter = waitings.find(({ from, until }) => from <= span.from && until >= span.until);
    if (waiter && isSettled(history, span, timings)) checked += 1;
    if (look.live >= look.seats || !waiter) idle = undefined;
    else idle ??= look;
    if (span.until - span.from <= IDLE_MS || idle === undefined) continue;
    if (!isSettled(history, span, timings)) continue;
    failures.push(
      `${look.seats - look.live} seats were free from ${told(history.from, span.from)} on while others waited`,
    );
    idle = undefined;
  }
  return { failures, checked };
}
