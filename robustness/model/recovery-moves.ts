import { MOST_EPOCHS } from "./broker-calls.ts";
import type { Emit } from "./emit.ts";
import { redisName } from "./names.ts";
import { isSetUp, setUp } from "./pool-scripts.ts";
import { look } from "./pool-time.ts";
import { copyState, type State } from "./state.ts";
import type { World } from "./world.ts";

/** Ticks within which an attempt to set a pool up must reach Redis. */
const SET_UP_WINDOW = 1;

/** Brokers set pools up, in several steps that others may come between; and apply terms. */
export function recoveryMoves(world: World, s: State, emit: Emit): void {
  if (world.bounds.attempts > 0) {
    for (const n of s.nodes.keys()) attempt(world, s, n, emit);
    for (const i of s.attempts.keys()) finish(world, s, i, emit);
  }
  applyTerms(world, s, emit);
}

function attempt(world: World, s: State, n: number, emit: Emit): void {
  const node = s.nodes[n];
  if (!node?.accepts || isSetUp(world, node)) return;
  if (s.attempts.length >= world.bounds.attempts || s.epochs >= MOST_EPOCHS) return;
  const next = copyState(s);
  if (world.rules.freshEpoch) next.epochs += 1;
  next.attempts.push({ node: n, incarnation: node.incarnation, epoch: next.epochs, age: 0 });
  emit(`a broker takes epoch ${next.epochs} for ${redisName(n)}`, next);
}

function finish(world: World, s: State, i: number, emit: Emit): void {
  const under = s.attempts[i];
  if (!under) return;
  const lost = copyState(s);
  lost.attempts.splice(i, 1);
  emit(`the attempt of epoch ${under.epoch} is lost`, lost);
  const node = s.nodes[under.node];
  if (!node?.accepts || node.incarnation !== under.incarnation) return;
  if (world.rules.setUpWindow && under.age > SET_UP_WINDOW) return;
  if (isSetUp(world, node)) return;
  const next = copyState(s);
  next.attempts.splice(i, 1);
  const target = next.nodes[under.node];
  const view = next.brokers[0]?.views[under.node];
  if (!target || !view) return;
  look(world, target, view);
  setUp(world, next, target, { view, epoch: under.epoch });
  emit(`${redisName(under.node)} is set up, by epoch ${under.epoch}`, next);
}

/** The desk makes revisions; brokers apply them, in whatever order. */
function applyTerms(world: World, s: State, emit: Emit): void {
  const { terms } = world.bounds;
  if (s.revision + 1 < terms.length) {
    const next = copyState(s);
    next.revision += 1;
    emit(`the license is changed to ${JSON.stringify(terms[next.revision])}`, next);
  }
  for (const [n, { accepts, data }] of s.nodes.entries()) {
    if (!accepts || !data.meta) continue;
    for (let revision = 0; revision <= s.revision; revision += 1) {
      if (revision === data.revision || (world.rules.newestTerms && revision < data.revision))
        continue;
      const next = copyState(s);
      const target = next.nodes[n]?.data;
      if (!target) continue;
      target.revision = revision;
      if (terms[revision]?.suspended === true && !world.rules.suspensionFreesNothing)
        target.leases.fill(0);
      emit(`${redisName(n)} has revision ${revision + 1}`, next);
    }
  }
}
