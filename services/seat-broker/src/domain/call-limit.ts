/** How many calls to a store may be under way, found out from how long they take. */
export interface CallLimit {
  current(): number;
  /**
   * A call has returned, well or not.
   * @param call when it began and how long it took, in milliseconds of one monotonic clock
   * @param wanted whether more calls than the limit wanted to be under way
   */
  returned(call: { readonly beganAt: number; readonly tookMs: number }, wanted: boolean): void;
}

const LEAST = 16;
const FIRST = 32;
const MOST = 256;
/** What a call may take. Renewals on the same connection wait behind as many calls as are under way. */
const SLOW_MS = 250;

/**
 * The limit rises by one with each full round of calls that are fast enough, and is halved by a slow
 * one, once for all calls that were under way then.
 *
 * That time is the only sign of load that is looked at. It holds what the network and the store take
 * and what their queues do, and, being taken in this process, the delay of its event loop too. The
 * limit never falls below what a store that is merely far away needs to be of use.
 */
export function callLimit(): CallLimit {
  let limit = FIRST;
  let halvedAt = Number.NEGATIVE_INFINITY;
  return {
    current: () => Math.floor(limit),
    returned: ({ beganAt, tookMs }, wanted) => {
      if (tookMs <= SLOW_MS) {
        if (wanted) limit = Math.min(MOST, limit + 1 / limit);
      } else if (beganAt >= halvedAt) {
        limit = Math.max(LEAST, limit / 2);
        halvedAt = beganAt + tookMs;
      }
    },
  };
}
