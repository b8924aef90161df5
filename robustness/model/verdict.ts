import { liveIn } from "./pool-scripts.ts";
import type { State } from "./state.ts";
import { termsAt, type World } from "./world.ts";

/**
 * What must not happen.
 * - `too-many`: a seat was granted although as many were relied on as the largest capacity
 *   in force during the last span
 * - `too-many-kept`: the same at any instant, also if nobody was granted one
 * - `holder-refused`: a live holder was told that its seat is gone, and nobody took it back
 * - `overbooked`: a pool that is not learning counts more leases than that
 * - `revived`: an id that was given back is a lease again
 * - `taken-back-renewed`: a lease of which it was answered that it is taken back is granted or renewed
 * - `fence-fell`: a grant bears an older epoch than one before it
 */
export type Violation =
  | "too-many"
  | "too-many-kept"
  | "holder-refused"
  | "overbooked"
  | "revived"
  | "taken-back-renewed"
  | "fence-fell";

/** How many clients rely on a seat now. */
export function reliedOn(s: State): number {
  return s.clients.reduce((count, { relies }) => (relies > 0 ? count + 1 : count), 0);
}

/** The capacity in force: until every Redis at work has the newest terms, the largest since those they have. */
export function capacityInForce(world: World, s: State): number {
  let settled = s.revision;
  for (const { accepts, data } of s.nodes)
    if (accepts && data.meta) settled = Math.min(settled, data.revision);
  s.settledRevision = Math.max(s.settledRevision, settled);
  let seats = 0;
  for (let revision = s.settledRevision; revision <= s.revision; revision += 1)
    seats = Math.max(seats, termsAt(world, revision).seats);
  return seats;
}

/** What is wrong with a state, apart from how it came about. */
export function faultOf(s: State): Violation | undefined {
  if (reliedOn(s) > s.capacity) return "too-many-kept";
  for (const { accepts, data } of s.nodes)
    if (accepts && data.learn === 0 && data.fence === 0 && data.meta)
      if (liveIn(data) > s.capacity) return "overbooked";
  return undefined;
}
