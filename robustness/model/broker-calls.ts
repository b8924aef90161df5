import {
  acquire,
  isSetUp,
  type Outcome,
  release,
  renew,
  restore,
  revoke,
  setUp,
} from "./pool-scripts.ts";
import { goOn, isExpected, look } from "./pool-time.ts";
import {
  type Data,
  type RedisNode,
  type State,
  STRAY_ACQUIRE,
  STRAY_RENEW,
  type Stray,
} from "./state.ts";
import type { Violation } from "./verdict.ts";
import type { World } from "./world.ts";

/** Epochs are numbered up to here; beyond, nobody sets a pool up any more. */
export const MOST_EPOCHS = 9;

export interface Answer {
  readonly outcome: Outcome;
  readonly violation?: Violation;
}

/** Which broker asks which Redis. */
export interface Route {
  readonly broker: number;
  readonly n: number;
}

const UNDECIDED: Answer = { outcome: "undecided" };

/** A broker puts a call to a Redis, once more if it could set right what kept it from being decided. */
export function call(world: World, s: State, route: Route, asked: Stray): Answer {
  const node = enter(world, s, route);
  if (!node) return UNDECIDED;
  const answer = carryOut(world, s, route, asked);
  const broker = s.brokers[route.broker];
  const view = broker?.views[route.n];
  if (view) look(world, node, view);
  if (answer.outcome !== "unrestored") return answer;
  if (world.bounds.restorations > 0) return UNDECIDED;
  restore(world, node.data, { epoch: node.data.epoch, ...durableFacts(world, s) });
  return carryOut(world, s, route, asked);
}

/** What Postgres holds of a pool beside its terms. */
export function durableFacts(
  { rules }: World,
  s: State,
): { readonly revoked: number[]; readonly borrowed: number[] } {
  return {
    revoked: rules.revocationsLast ? s.revoked : s.revoked.map(() => 0),
    borrowed: rules.borrowsLast ? s.borrowed : s.borrowed.map(() => 0),
  };
}

/** The Redis, if its gate is passed: it is set up, its clock as expected, and it is not fenced. */
export function enter(world: World, s: State, { broker, n }: Route): RedisNode | undefined {
  const node = s.nodes[n];
  const view = s.brokers[broker]?.views[n];
  if (!node?.accepts || !view) return undefined;
  if (!isSetUp(world, node)) {
    if (world.bounds.attempts > 0 || s.epochs >= MOST_EPOCHS) return undefined;
    look(world, node, view);
    if (world.rules.freshEpoch) s.epochs += 1;
    setUp(world, s, node, { view, epoch: s.epochs });
  }
  if (!isExpected(world, node, view)) look(world, node, view);
  goOn(world, node, view);
  return node.data.fence > 0 ? undefined : node;
}

/** Marks a lease as taken back; whether it could. */
export function takeBack(world: World, s: State, route: Route, id: number): Data | undefined {
  const node = enter(world, s, route);
  if (!node) return undefined;
  revoke(world, node.data, id);
  s.takenBack[id] = 1;
  return node.data;
}

function carryOut(world: World, s: State, { broker: b, n }: Route, asked: Stray): Answer {
  const node = s.nodes[n];
  const broker = s.brokers[b];
  if (!node || !broker) return UNDECIDED;
  const { data } = node;
  const { kind, id } = asked;
  if (kind === STRAY_ACQUIRE) {
    const before = s.newestGrant;
    const known = data.leases[id] !== 0;
    const outcome = acquire(world, s, data, id);
    if (outcome === "granted" && !known && data.epoch < before)
      return { outcome, violation: "fence-fell" };
    return judged(s, id, outcome);
  }
  if (kind === STRAY_RENEW) return judged(s, id, renew(world, node, broker, asked));
  release(world, data, id);
  s.borrowed[id] = 0;
  s.takenBack[id] = 0;
  if (n === s.primary) s.givenBack[id] = 1;
  return { outcome: "granted" };
}

/** A lease that was given or taken back must not be granted or renewed. */
function judged(s: State, id: number, outcome: Outcome): Answer {
  if (outcome !== "granted") return { outcome };
  if (s.givenBack[id]) return { outcome, violation: "revived" };
  return s.takenBack[id] ? { outcome, violation: "taken-back-renewed" } : { outcome };
}
