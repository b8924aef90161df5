import { durableFacts, enter, takeBack } from "./broker-calls.ts";
import type { Emit } from "./emit.ts";
import { clientName, leaseName, redisName } from "./names.ts";
import { isSetUp, liveIn, restore } from "./pool-scripts.ts";
import { spend } from "./spend.ts";
import { BORROWED, copyState, IDLE, LIVE, RELIES_ON_FILE, type State } from "./state.ts";
import { mostSeats, termsAt, type World } from "./world.ts";

/** What is written to Postgres, and to Redis: leases taken back, seats borrowed, and what is given back to a pool. */
export function durableMoves(world: World, s: State, emit: Emit): void {
  for (const [c, client] of s.clients.entries()) {
    if (client.id === 0 || client.relies === 0) continue;
    revokeLease(s, client.id - 1, emit);
    if (client.borrows > 0) signFile(world, s, c, emit);
    else if (client.asks === IDLE && client.relies < RELIES_ON_FILE) borrow(world, s, c, emit);
  }
  for (const n of s.nodes.keys()) {
    markLeases(world, s, n, emit);
    if (world.bounds.restorations > 0) readFacts(world, s, n, emit);
    settleRoom(world, s, n, emit);
  }
  for (const i of s.restorations.keys()) restoreLate(world, s, i, emit);
}

function revokeLease(s: State, id: number, emit: Emit): void {
  if (s.revoked[id]) return;
  const next = spend(s, "revocations");
  if (!next) return;
  next.revoked[id] = 1;
  emit(`that ${leaseName(id)} is taken back is in Postgres`, next);
}

/** The broker may have died before: then this never comes. */
function markLeases(world: World, s: State, n: number, emit: Emit): void {
  for (const [id, revoked] of s.revoked.entries()) {
    if (!revoked || s.takenBack[id] || s.givenBack[id] || !s.nodes[n]?.accepts) continue;
    const next = copyState(s);
    if (takeBack(world, next, { broker: 0, n }, id))
      emit(`${redisName(n)} takes ${leaseName(id)} back`, next);
  }
}

function borrow(world: World, s: State, c: number, emit: Emit): void {
  for (const n of s.nodes.keys()) {
    const next = spend(s, "borrows");
    const client = next?.clients[c];
    if (!next || !client) return;
    const data = enter(world, next, { broker: 0, n })?.data;
    if (!data || (data.leases[client.id - 1] ?? 0) < LIVE) continue;
    data.leases[client.id - 1] = BORROWED;
    client.borrows = data.epoch;
    emit(`${redisName(n)} keeps the seat of ${clientName(c)} for long`, next);
  }
}

/** Only in the epoch of the pool that keeps the seat; from then on every loss finds it in Postgres. */
function signFile({ rules }: World, s: State, c: number, emit: Emit): void {
  const next = copyState(s);
  const client = next.clients[c];
  if (!client) return;
  const epoch = client.borrows;
  client.borrows = 0;
  if (rules.borrowedInItsEpoch && epoch !== s.epochs)
    return emit(`${clientName(c)} is not given a file`, next);
  next.borrowed[client.id - 1] = 1;
  client.relies = RELIES_ON_FILE;
  emit(`the seat of ${clientName(c)} is in Postgres, it is given a file`, next);
}

function readFacts(world: World, s: State, n: number, emit: Emit): void {
  const node = s.nodes[n];
  if (!node?.accepts || !isSetUp(world, node) || node.data.restored) return;
  if (s.restorations.length >= world.bounds.restorations) return;
  const next = copyState(s);
  next.restorations.push({ node: n, epoch: node.data.epoch, ...durableFacts(world, s) });
  emit(`a broker reads what ${redisName(n)} is to be given back`, next);
}

function restoreLate(world: World, s: State, i: number, emit: Emit): void {
  const known = s.restorations[i];
  if (!known) return;
  const lost = copyState(s);
  lost.restorations.splice(i, 1);
  emit("a restoration is lost", lost);
  const next = copyState(s);
  next.restorations.splice(i, 1);
  const node = next.nodes[known.node];
  if (!node || !isSetUp(world, node)) return;
  const data = enter(world, next, { broker: 0, n: known.node })?.data;
  if (!data) return;
  restore(world, data, known);
  emit(`${redisName(known.node)} is given back what was read in epoch ${known.epoch}`, next);
}

/** Once no more leases are live than there are seats, a loss need not find room for more. */
function settleRoom(world: World, s: State, n: number, emit: Emit): void {
  const node = s.nodes[n];
  if (!node || s.roomSince >= node.data.revision || !isSetUp(world, node)) return;
  const seats = termsAt(world, s.roomSince).seats;
  if (seats === mostSeats(world, s.roomSince + 1, node.data.revision)) return;
  const next = copyState(s);
  const data = enter(world, next, { broker: 0, n })?.data;
  if (!data || data.epoch !== s.epochs) return;
  if (world.rules.roomUntilFewEnough) {
    if (data.learn > 0 || liveIn(data) > termsAt(world, data.revision).seats) return;
  }
  next.roomSince = data.revision;
  emit(`${redisName(n)} has no more leases than seats`, next);
}
