import { FAULTS, type Harm } from "./bounds.ts";
import type { Emit } from "./emit.ts";
import { clientName, redisName } from "./names.ts";
import {
  copyData,
  copyState,
  emptyData,
  OVER,
  RELIES_ON_FILE,
  type RedisNode,
  type State,
  UNKNOWN,
} from "./state.ts";
import { lookFirst } from "./pool-time.ts";
import { spend } from "./spend.ts";
import type { World } from "./world.ts";

/** Everything that may go wrong, as often as it may. */
export function faultMoves(world: World, s: State, emit: Emit): void {
  failOver(world, s, emit);
  for (const harm of world.bounds.harms) {
    if (!isPossible(s, harm)) continue;
    const next = spend(s, "harms");
    const node = next?.nodes[s.primary];
    if (!next || !node) continue;
    HARMS[harm](next, node);
    // What was forgotten is not held against anyone.
    next.givenBack.fill(0);
    emit(`${redisName(s.primary)} is ${harm}`, next);
  }
  timeFaults(world, s, emit);
}

const HARMS: Readonly<Record<Harm, (s: State, node: RedisNode) => void>> = {
  flushed: (_, node) => (node.data = emptyData(node.data.leases.length)),
  "members deleted": (_, { data }) => {
    data.sentinel = 0;
    for (const [id, lease] of data.leases.entries()) if (lease !== OVER) data.leases[id] = UNKNOWN;
  },
  "meta deleted": (_, { data }) => clearMeta(data),
  "tombstones deleted": (_, { data }) => {
    for (const [id, lease] of data.leases.entries()) if (lease === OVER) data.leases[id] = UNKNOWN;
  },
  restarted: beginAnew,
  "rolled back": (s, node) => {
    if (s.backup) node.data = copyData(s.backup);
    beginAnew(s, node);
  },
  "given earlier keys": (s, node) => {
    if (s.backup) node.data = copyData(s.backup);
  },
  "given its own keys": (s, node) => {
    if (s.backup) node.data = copyData(s.backup);
  },
};

const FROM_BACKUP: readonly Harm[] = ["rolled back", "given earlier keys", "given its own keys"];

function isPossible({ nodes, primary, backup }: State, harm: Harm): boolean {
  const node = nodes[primary];
  if (!node?.accepts) return false;
  if (!FROM_BACKUP.includes(harm)) return true;
  const own = backup?.incarnation === node.incarnation;
  return (
    backup !== undefined && (harm === "rolled back" || own === (harm === "given its own keys"))
  );
}

function clearMeta(data: RedisNode["data"]): void {
  const { sentinel, leases, revoked } = data;
  Object.assign(data, emptyData(leases.length), { sentinel, leases, revoked });
}

function beginAnew(s: State, node: RedisNode): void {
  s.incarnations += 1;
  node.incarnation = s.incarnations;
  node.firstSeen = -node.ahead;
  const n = s.nodes.indexOf(node);
  for (const { views } of s.brokers) {
    const view = views[n];
    if (view) lookFirst(node, view);
  }
}

/** The primary is cut off, and stops in time or dies; its replica is promoted. */
function failOver({ bounds, rules }: World, s: State, emit: Emit): void {
  const replica = s.nodes[s.primary + 1];
  if (!replica) return;
  if (s.linked) {
    const next = spend(s, "failovers");
    const cutOff = next?.nodes[s.primary];
    if (!next || !cutOff) return;
    next.linked = 0;
    cutOff.stopsIn = rules.minReplicas ? bounds.stop + 1 : 0;
    return emit(`${redisName(s.primary)} is cut off`, next);
  }
  for (const dies of [false, true]) {
    const next = copyState(s);
    const old = next.nodes[s.primary];
    const promoted = next.nodes[s.primary + 1];
    if (!old || !promoted) return;
    if (dies) old.accepts = 0;
    next.primary += 1;
    next.linked = next.nodes.length > next.primary + 1 ? 1 : 0;
    promoted.accepts = 1;
    next.givenBack.fill(0);
    beginAnew(next, promoted);
    emit(`${redisName(next.primary)} is promoted${dies ? ", the old one is dead" : ""}`, next);
  }
}

function timeFaults({ bounds, rules }: World, s: State, emit: Emit): void {
  for (const [n, { accepts }] of s.nodes.entries())
    for (const step of accepts ? bounds.steps : []) {
      const stepped = spend(s, "clockSteps");
      const node = stepped?.nodes[n];
      if (!stepped || !node) return;
      node.ahead += step;
      emit(
        `the clock of ${redisName(n)} steps ${step > 0 ? "forward" : "back"} by ${Math.abs(step)}`,
        stepped,
      );
    }
  for (const [c, { relies }] of s.clients.entries()) {
    const slow = relies > 0 && relies < RELIES_ON_FILE ? spend(s, "slowTicks") : undefined;
    const client = slow?.clients[c];
    if (!slow || !client) continue;
    client.relies += 1;
    emit(`the clock of ${clientName(c)} loses a tick`, slow);
  }
  for (const b of s.brokers.keys()) {
    const restarted = spend(s, "brokerRestarts");
    if (!restarted) continue;
    const broker = restarted.brokers[b];
    if (!broker) continue;
    broker.age = 0;
    for (const [n, view] of broker.views.entries()) {
      const node = restarted.nodes[n];
      if (node && rules.trustAnew) lookFirst(node, view);
    }
    emit(`broker ${b + 1} restarts`, restarted);
  }
  saveData(bounds, s, emit);
}

function saveData({ harms }: World["bounds"], s: State, emit: Emit): void {
  const left = s.budget[FAULTS.indexOf("harms")] ?? 0;
  const wanted = harms.some((harm) => FROM_BACKUP.includes(harm));
  if (!wanted || left === 0 || s.backup) return;
  const saved = copyState(s);
  const primary = saved.nodes[s.primary];
  if (!primary) return;
  saved.backup = copyData(primary.data);
  emit(`the data of ${redisName(s.primary)} are saved`, saved);
}
