import { type Data, EXPIRED, LIVE, OVER, type RedisNode, type State, UNKNOWN } from "./state.ts";
import { termsAt, type World } from "./world.ts";

// The decisions of services/seat-broker/lua, each in one step, in ticks.

/** What a call comes to. "refused" is final, after "undecided" the caller may try again. */
export type Outcome = "granted" | "refused" | "revoked" | "undecided";

/** How many leases of the pool are live. */
export function liveIn(data: Data): number {
  return data.leases.reduce((count, lease) => (lease >= LIVE ? count + 1 : count), 0);
}

/** Whether the gate finds the pool set up, by this very Redis. */
export function isSetUp({ rules }: World, { incarnation, data }: RedisNode): boolean {
  if (!data.meta || (rules.sentinel && !data.sentinel)) return false;
  return !rules.incarnation || data.incarnation === incarnation;
}

/** init_pool.lua */
export function setUp(world: World, s: State, node: RedisNode, epoch: number): void {
  const { rules, fence, learn } = world;
  const { data } = node;
  const known = data.meta && data.sentinel;
  const newest = known && (!rules.newestDataOnly || data.epoch === epoch - 1);
  const oldPrimaryEnds = Math.max(0, fence - node.seen);
  data.fence = 0;
  data.learn = 0;
  if (epoch > 1 && (rules.explicitSetUp || known)) {
    data.fence = oldPrimaryEnds;
    // `seen` is counted as far as it can matter here.
    data.learn = newest ? Math.max(0, fence + learn - node.seen) : oldPrimaryEnds + learn;
  }
  if (!data.meta || data.revision < s.revision) data.revision = s.revision;
  data.meta = 1;
  data.sentinel = 1;
  data.incarnation = node.incarnation;
  data.epoch = epoch;
  data.confirmed.fill(0);
}

/** acquire_seat.lua */
export function acquire(world: World, s: State, data: Data, id: number, settling: number): Outcome {
  const { rules, span } = world;
  const terms = termsAt(world, data.revision);
  const learning = rules.learning && data.learn > 0;
  if (terms.suspended === true) return "revoked";
  const lease = data.leases[id] ?? UNKNOWN;
  if (lease === OVER || lease === EXPIRED) return "refused";
  if (lease >= LIVE) {
    if (learning && !data.confirmed[id] && rules.copiesProveNothing) return "undecided";
    extend(data, id, span);
    return "granted";
  }
  if (learning || settling > 0) return "undecided";
  // Reaping is bounded, and may not come to the lease that matters; releasing does it here.
  if (liveIn(data) >= terms.seats) return "refused";
  extend(data, id, span);
  s.newestGrant = Math.max(s.newestGrant, data.epoch);
  return "granted";
}

/** renew_seats.lua, and readmit_seats.lua for what it leaves open */
export function renew(world: World, data: Data, id: number, token: number): Outcome {
  const { rules, span } = world;
  const learning = rules.learning && data.learn > 0;
  const lease = data.leases[id] ?? UNKNOWN;
  const live = lease >= LIVE;
  if (!live && !learning && (rules.expiryIsFinal || lease !== EXPIRED)) return "refused";
  if (termsAt(world, data.revision).suspended === true) return "revoked";
  if (!live && learning) {
    if (lease === OVER || (rules.tokenExpiry && token === 0)) return "refused";
    if (!data.confirmed[id] && counted(world, data) >= termsAt(world, data.revision).seats)
      return "refused";
  }
  extend(data, id, span);
  return "granted";
}

/** release_seat.lua */
export function release(world: World, data: Data, id: number): void {
  data.leases[id] = world.rules.tombstones ? OVER : UNKNOWN;
  data.confirmed[id] = 0;
  if (data.learn === 0 || !world.rules.reapAfterLearning) reap(data);
}

function counted({ rules }: World, data: Data): number {
  return rules.countConfirmed
    ? data.confirmed.reduce((count, confirmed) => count + confirmed, 0)
    : liveIn(data);
}

function extend(data: Data, id: number, span: number): void {
  data.leases[id] = LIVE - 1 + span;
  // Read while learning only, and emptied when learning begins.
  data.confirmed[id] = data.learn > 0 ? 1 : 0;
}

function reap(data: Data): void {
  for (const [id, lease] of data.leases.entries()) if (lease === EXPIRED) data.leases[id] = OVER;
}
