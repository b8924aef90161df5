import {
  type Broker,
  BORROWED,
  type Data,
  EXPIRED,
  LIVE,
  OVER,
  type RedisNode,
  type Restoration,
  type State,
  type Token,
  UNKNOWN,
  type View,
} from "./state.ts";
import { mostSeats, termsAt, type World } from "./world.ts";

// The decisions of services/seat-broker/lua, each in one step, in ticks.

/** What a call comes to. "refused" is final, after "undecided" the caller may try again. */
export type Outcome = "granted" | "refused" | "revoked" | "undecided" | "unrestored";

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
export function setUp(
  world: World,
  s: State,
  node: RedisNode,
  { view, epoch }: { readonly view: View; readonly epoch: number },
): void {
  const { rules, fence, learn } = world;
  const { data } = node;
  const known = data.meta && data.sentinel;
  const newest = known && (!rules.newestDataOnly || data.epoch === epoch - 1);
  const age = ageOf(world, node, view);
  const oldPrimaryEnds = Math.max(0, fence - age);
  data.fence = 0;
  data.learn = 0;
  if (epoch > 1 && (rules.explicitSetUp || known)) {
    data.fence = oldPrimaryEnds;
    // The age is counted as far as it can matter here.
    data.learn = newest ? Math.max(0, fence + learn - age) : oldPrimaryEnds + learn;
  }
  if (!data.meta || data.revision < s.revision) data.revision = s.revision;
  data.meta = 1;
  data.sentinel = 1;
  data.incarnation = node.incarnation;
  data.epoch = epoch;
  data.seen = -node.ahead;
  data.turned = 0;
  data.hasTurned = 0;
  data.restored = epoch > 1 ? 0 : 1;
  data.room = mostSeats(world, rules.roomForAll ? s.roomSince : data.revision, s.revision);
  if (!rules.emptied) return;
  for (const [id, lease] of data.leases.entries()) if (lease !== OVER) data.leases[id] = UNKNOWN;
}

/** How long an incarnation has certainly been there. */
function ageOf({ rules }: World, { firstSeen, ahead }: RedisNode, { trusted }: View): number {
  const vouchedFor = trusted + ahead;
  const seenFor = firstSeen + ahead;
  if (!rules.ageVouchedFor) return Math.max(0, seenFor);
  // First seen in the future: the clock stepped back since.
  return Math.max(0, seenFor < 0 ? vouchedFor : Math.min(seenFor, vouchedFor));
}

/** restore_pool.lua */
export function restore(world: World, data: Data, known: Omit<Restoration, "node">): void {
  if (world.rules.restoredInItsEpoch && data.epoch !== known.epoch) return;
  for (const id of data.leases.keys()) {
    if (known.revoked[id]) data.revoked[id] = 1;
    if (known.borrowed[id] && data.leases[id] !== OVER) data.leases[id] = BORROWED;
  }
  data.restored = 1;
}

/** acquire_seats.lua */
export function acquire(world: World, s: State, data: Data, id: number): Outcome {
  const { rules, span } = world;
  const terms = termsAt(world, data.revision);
  if (terms.suspended === true) return "revoked";
  const lease = data.leases[id] ?? UNKNOWN;
  if (lease === OVER || lease === EXPIRED) return "refused";
  if (lease >= LIVE) {
    if (data.revoked[id] && rules.revokedIsFinal) return "revoked";
    extend(data, id, span);
    return "granted";
  }
  if (rules.learning && data.learn > 0) return "undecided";
  if (!data.restored) return "unrestored";
  // Reaping is bounded, and may not come to the lease that matters; releasing does it here.
  if (liveIn(data) >= terms.seats) return "refused";
  extend(data, id, span);
  s.newestGrant = Math.max(s.newestGrant, data.epoch);
  return "granted";
}

/** renew_seats.lua, and readmit_seats.lua for what it leaves open */
export function renew(
  world: World,
  node: RedisNode,
  broker: Broker,
  { id, token }: { readonly id: number; readonly token: Token },
): Outcome {
  const { rules, span } = world;
  const { data } = node;
  const learning = rules.learning && data.learn > 0;
  const lease = data.leases[id] ?? UNKNOWN;
  const live = lease >= LIVE;
  if (data.revoked[id] && rules.revokedIsFinal) return "revoked";
  if (!live && !data.restored && rules.restoredFirst) return "unrestored";
  if (!live && !learning && (rules.expiryIsFinal || lease !== EXPIRED)) return "refused";
  if (termsAt(world, data.revision).suspended === true) return "revoked";
  if (!live && learning) {
    if (lease === OVER || (rules.tokenExpiry && ranOut(world, node, broker, token)))
      return "refused";
    const room = Math.max(data.room, termsAt(world, data.revision).seats);
    if (liveIn(data) >= room && rules.roomIsBound) return "refused";
  }
  extend(data, id, span);
  return "granted";
}

/** A broker that was there when a token was written knows how long ago that was, whatever the clock did since. */
function ranOut(world: World, node: RedisNode, broker: Broker, token: Token): boolean {
  const wasThere = broker.age >= world.span - token.left;
  if (world.rules.tokensOutliveSteps && wasThere) return token.left <= 0;
  return token.left + token.ahead - node.ahead <= 0;
}

/** release_seats.lua */
export function release(world: World, data: Data, id: number): void {
  data.leases[id] = world.rules.tombstones ? OVER : UNKNOWN;
  data.revoked[id] = 0;
  reap(data);
}

/** revoke_seat.lua */
export function revoke(world: World, data: Data, id: number): void {
  data.revoked[id] = 1;
  if (!world.rules.revocationFreesNothing) data.leases[id] = OVER;
}

function extend(data: Data, id: number, span: number): void {
  if (data.leases[id] !== BORROWED) data.leases[id] = LIVE - 1 + span;
}

function reap(data: Data): void {
  for (const [id, lease] of data.leases.entries()) if (lease === EXPIRED) data.leases[id] = OVER;
}
