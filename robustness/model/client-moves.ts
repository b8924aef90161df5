import { call } from "./broker-calls.ts";
import type { Emit } from "./emit.ts";
import { clientName, leaseName, redisName } from "./names.ts";
import { spend } from "./spend.ts";
import type { Outcome } from "./pool-scripts.ts";
import {
  ACQUIRING,
  type Client,
  copyState,
  IDLE,
  idleClient,
  LIVE,
  NO_TOKEN,
  RELIES_ON_FILE,
  RENEWING,
  type State,
  STRAY_ACQUIRE,
  STRAY_RELEASE,
  STRAY_RENEW,
  type Token,
  UNKNOWN,
} from "./state.ts";
import { reliedOn, type Violation } from "./verdict.ts";
import type { World } from "./world.ts";

/** What each client may do, and what may come of the call it waits for. */
export function clientMoves(world: World, s: State, emit: Emit): void {
  for (const [c, client] of s.clients.entries()) {
    if (client.asks === IDLE) begin(s, c, emit);
    else if (client.answered) receive(world, s, c, emit);
    else deliver(world, s, c, emit);
    if (client.asks === ACQUIRING) giveUp(world, s, c, emit);
    if (client.relies > 0) stop(world, s, c, emit);
  }
}

function begin(s: State, c: number, emit: Emit): void {
  const next = copyState(s);
  const client = next.clients[c];
  if (!client) return;
  client.age = 0;
  if (client.relies === RELIES_ON_FILE) return;
  if (client.id > 0) {
    client.asks = RENEWING;
    return emit(`${clientName(c)} sends a heartbeat`, next);
  }
  const id = freshId(s);
  if (id === undefined) return;
  for (const { data } of next.nodes) {
    data.leases[id] = UNKNOWN;
    data.revoked[id] = 0;
  }
  if (next.backup) next.backup.leases[id] = UNKNOWN;
  next.givenBack[id] = 0;
  next.takenBack[id] = 0;
  next.revoked[id] = 0;
  next.borrowed[id] = 0;
  client.id = id + 1;
  client.asks = ACQUIRING;
  emit(`${clientName(c)} asks for ${leaseName(id)}`, next);
}

/** An id that nobody uses, and that is live nowhere: it stands for one that was never used. */
function freshId(s: State): number | undefined {
  for (let id = 0; id < s.givenBack.length; id += 1) {
    const used =
      s.clients.some((client) => client.id === id + 1) ||
      s.strays.some((stray) => stray.id === id) ||
      s.restorations.length > 0 ||
      s.nodes.some(({ data }) => (data.leases[id] ?? 0) >= LIVE) ||
      (s.backup?.leases[id] ?? 0) >= LIVE;
    if (!used) return id;
  }
  return undefined;
}

function deliver(world: World, s: State, c: number, emit: Emit): void {
  for (const [n, { accepts }] of s.nodes.entries()) {
    if (!accepts) continue;
    for (let broker = 0; broker < world.bounds.brokers; broker += 1)
      deliverAt(world, s, { c, n, broker }, emit);
  }
  const next = copyState(s);
  const client = next.clients[c];
  if (client?.asks !== RENEWING) return;
  client.asks = IDLE;
  client.age = 0;
  emit(`a heartbeat of ${clientName(c)} is lost`, next);
  leaveBehind(world, s, c, `a heartbeat of ${clientName(c)} is held up`, emit);
}

function leaveBehind(world: World, s: State, c: number, what: string, emit: Emit): void {
  if (s.strays.length >= world.bounds.strays) return;
  const next = spend(s, "heartbeatsLate");
  const client = next?.clients[c];
  if (!next || !client) return;
  next.strays.push({ kind: STRAY_RENEW, id: client.id - 1, token: client.token });
  client.asks = IDLE;
  client.age = 0;
  emit(what, next);
}

function deliverAt(
  world: World,
  s: State,
  at: { readonly c: number; readonly n: number; readonly broker: number },
  emit: Emit,
): void {
  const next = copyState(s);
  const client = next.clients[at.c];
  if (!client) return;
  const renewing = client.asks === RENEWING;
  const asked = {
    kind: renewing ? STRAY_RENEW : STRAY_ACQUIRE,
    id: client.id - 1,
    token: client.token,
  };
  const { outcome, violation } = call(world, next, at, asked);
  const answered = { left: world.span, ahead: next.nodes[at.n]?.ahead ?? 0 };
  const fault = heard(client, outcome, answered, at.n === next.primary);
  const word = renewing ? "the heartbeat" : "the acquire";
  const through = world.bounds.brokers > 1 ? ` (broker ${at.broker + 1})` : "";
  emit(
    `${redisName(at.n)} answers ${word} of ${clientName(at.c)}: ${outcome}${through}`,
    next,
    violation ?? fault,
  );
}

/** What a client does on an answer; a grant is under way first. */
function heard(
  client: Client,
  outcome: Outcome,
  token: Token,
  ofPrimary: boolean,
): Violation | undefined {
  if (outcome === "granted") {
    client.answered = 1;
    client.answerToken = token;
    return undefined;
  }
  const refused = outcome === "refused" && client.relies > 0 && ofPrimary;
  if (outcome === "undecided" && client.asks === RENEWING) {
    client.asks = IDLE;
    client.age = 0;
  } else Object.assign(client, idleClient());
  return refused ? "holder-refused" : undefined;
}

function receive({ bounds, rules }: World, s: State, c: number, emit: Emit): void {
  const next = copyState(s);
  const client = next.clients[c];
  if (!client) return;
  const acquired = client.asks === ACQUIRING;
  const relies = rules.deadlineFromSending ? bounds.validity - client.age : bounds.validity;
  client.relies = Math.max(client.relies, relies);
  if (client.token.left <= client.answerToken.left) client.token = client.answerToken;
  client.asks = IDLE;
  client.answered = 0;
  client.age = 0;
  client.answerToken = NO_TOKEN;
  const tooMany = acquired && reliedOn(next) > next.capacity;
  if (acquired) askAgain(s, c, emit);
  emit(
    `${clientName(c)} ${acquired ? "has its seat" : "is renewed"}, for ${client.relies}`,
    next,
    tooMany ? "too-many" : undefined,
  );
}

/** The answer to an acquire is lost; the same lease is asked for once more. */
function askAgain(s: State, c: number, emit: Emit): void {
  const next = spend(s, "lostAnswers");
  const client = next?.clients[c];
  if (!next || !client) return;
  client.answered = 0;
  client.age = 0;
  client.answerToken = NO_TOKEN;
  emit(`the answer to ${clientName(c)} is lost, it asks again`, next);
}

/** Gives an acquire up, and cancels it: the acquire, the cancellation, or both may be lost. */
function giveUp({ bounds }: World, s: State, c: number, emit: Emit): void {
  const client = s.clients[c];
  if (!client) return;
  const id = client.id - 1;
  const acquire = { kind: STRAY_ACQUIRE, id, token: NO_TOKEN };
  const cancel = { kind: STRAY_RELEASE, id, token: NO_TOKEN };
  for (const left of client.answered ? [[], [cancel]] : [[], [cancel], [acquire, cancel]]) {
    if (s.strays.length + left.length > bounds.strays) continue;
    const next = copyState(s);
    next.clients[c] = idleClient();
    next.strays.push(...left.map((stray) => ({ ...stray })));
    const words = ["", ", and cancels it", ", and cancels what is under way"][left.length];
    emit(`${clientName(c)} gives its acquire up${words}`, next);
  }
}

/** Crashes; or stops and releases, with a heartbeat under way or not. */
function stop({ bounds, rules }: World, s: State, c: number, emit: Emit): void {
  const client = s.clients[c];
  if (!client) return;
  const crashed = copyState(s);
  crashed.clients[c] = idleClient();
  emit(`${clientName(c)} crashes`, crashed);
  const release = { kind: STRAY_RELEASE, id: client.id - 1, token: NO_TOKEN };
  const late = { kind: STRAY_RENEW, id: client.id - 1, token: client.token };
  const underWay = client.asks === RENEWING && !client.answered;
  for (const overtaken of underWay ? [false, true] : [false]) {
    const left = overtaken ? [late, release] : [release];
    if (s.strays.length + left.length > bounds.strays) continue;
    const next = overtaken ? spend(s, "heartbeatsLate") : copyState(s);
    if (!next) continue;
    if (rules.stopBeforeRelease) next.clients[c] = idleClient();
    next.strays.push(...left.map((stray) => ({ ...stray })));
    const words = overtaken ? ", a heartbeat being under way" : "";
    emit(`${clientName(c)} releases${words}`, next);
  }
}
