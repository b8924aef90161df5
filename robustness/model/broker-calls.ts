import { acquire, isSetUp, type Outcome, release, renew, setUp } from "./pool-scripts.ts";
import { type RedisNode, type State, STRAY_ACQUIRE, STRAY_RENEW, type Stray } from "./state.ts";
import type { Violation } from "./verdict.ts";
import type { World } from "./world.ts";

/** Epochs are numbered up to here; beyond, nobody sets a pool up any more. */
export const MOST_EPOCHS = 9;

export interface Answer {
  readonly outcome: Outcome;
  readonly violation?: Violation;
}

const UNDECIDED: Answer = { outcome: "undecided" };

/** A broker puts a call to a Redis, once more if it could set right what kept it from being decided. */
export function call(world: World, s: State, brokerIndex: number, n: number, asked: Stray): Answer {
  const node = s.nodes[n];
  const broker = s.brokers[brokerIndex];
  if (!node || !broker) return UNDECIDED;
  if (!isSetUp(world, node)) {
    if (world.bounds.attempts > 0 || !setUpAtOnce(world, s, node)) return UNDECIDED;
  }
  if (broker.behind && world.bounds.stepIsNoticed) {
    broker.behind = 0;
    broker.settling = world.rules.settling ? world.span : 0;
  }
  if (node.data.fence > 0) return UNDECIDED;
  return carryOut(world, s, n, asked, broker.settling);
}

function setUpAtOnce(world: World, s: State, node: RedisNode): boolean {
  if (s.epochs >= MOST_EPOCHS) return false;
  if (world.rules.freshEpoch) s.epochs += 1;
  setUp(world, s, node, s.epochs);
  return true;
}

function carryOut(world: World, s: State, n: number, asked: Stray, settling: number): Answer {
  const data = s.nodes[n]?.data;
  if (!data) return UNDECIDED;
  const { kind, id, token } = asked;
  if (kind === STRAY_ACQUIRE) {
    const before = s.newestGrant;
    const known = data.leases[id] !== 0;
    const outcome = acquire(world, s, data, id, settling);
    if (outcome !== "granted") return { outcome };
    if (s.givenBack[id]) return { outcome, violation: "revived" };
    if (!known && data.epoch < before) return { outcome, violation: "fence-fell" };
    return { outcome };
  }
  if (kind === STRAY_RENEW) {
    const outcome = renew(world, data, id, token);
    return outcome === "granted" && s.givenBack[id]
      ? { outcome, violation: "revived" }
      : { outcome };
  }
  release(world, data, id);
  if (n === s.primary) s.givenBack[id] = 1;
  return { outcome: "granted" };
}
