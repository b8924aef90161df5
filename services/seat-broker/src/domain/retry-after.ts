const SHORTEST_MS = 200;
const LONGEST_MS = 5_000;

/**
 * How long to wait for a seat or the end of a recovery, given when one is due. Never so
 * short that waiters flood the broker, never so long that a seat given back early lies idle.
 */
export function retryAfterMs(dueInMs: number): number {
  return Math.min(Math.max(Math.ceil(dueInMs), SHORTEST_MS), LONGEST_MS);
}
