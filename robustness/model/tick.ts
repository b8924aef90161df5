import { look, pass } from "./pool-time.ts";
import {
  ACQUIRING,
  type Client,
  copyState,
  type Data,
  IDLE,
  idleClient,
  NO_TOKEN,
  RELIES_ON_FILE,
  type State,
  type Token,
} from "./state.ts";
import type { World } from "./world.ts";

/** One tick later, everywhere. */
export function tick(world: World, s: State): State {
  const next = copyState(s);
  for (const node of next.nodes) {
    if (node.accepts) node.firstSeen = further(world, node.firstSeen);
    passOnData(world, node.data);
    if (node.stopsIn > 1) node.stopsIn -= 1;
    if (node.stopsIn === 1) node.accepts = 0;
  }
  if (next.backup) passOnData(world, next.backup);
  passOnBrokers(world, next);
  for (const attempt of next.attempts) attempt.age = Math.min(attempt.age + 1, 2);
  for (const client of next.clients) passOnClient(world, client);
  for (const stray of next.strays) stray.token = older(world, stray.token);
  next.capacityFor = less(next.capacityFor);
  return next;
}

function passOnData(world: World, data: Data): void {
  if (world.even) return pass(data, 1);
  data.seen = further(world, data.seen);
  if (data.hasTurned) data.turned = further(world, data.turned);
}

function passOnBrokers(world: World, s: State): void {
  for (const broker of s.brokers) {
    broker.age = further(world, broker.age);
    for (const [n, view] of broker.views.entries()) {
      view.trusted = further(world, view.trusted);
      if (view.hasPeak) view.peak += 1;
      const node = s.nodes[n];
      if (!node?.accepts) continue;
      if (view.hasPeak && view.peak + node.ahead >= 0) view.hasPeak = view.peak = 0;
      if (world.rules.clockIsWatched) look(world, node, view);
    }
  }
}

function further({ longAgo, apart }: World, ago: number): number {
  return Math.min(ago + 1, longAgo + apart);
}

function older({ apart }: World, token: Token): Token {
  return token !== NO_TOKEN && token.left > -apart ? { ...token, left: token.left - 1 } : token;
}

function passOnClient(world: World, client: Client): void {
  const { bounds, rules } = world;
  client.token = older(world, client.token);
  client.answerToken = older(world, client.answerToken);
  if (client.relies === RELIES_ON_FILE) return;
  const relied = client.relies > 0;
  client.relies = less(client.relies);
  if (client.asks !== IDLE) client.age += 1;
  const lost = relied && client.relies === 0;
  if (lost) {
    Object.assign(client, idleClient());
    return;
  }
  const limit = rules.deadlineFromSending ? bounds.validity : bounds.validity + 2;
  if (client.age < limit) return;
  if (client.asks === ACQUIRING) Object.assign(client, idleClient());
  else {
    client.asks = IDLE;
    client.answered = 0;
    client.age = 0;
    client.answerToken = NO_TOKEN;
  }
}

function less(ticks: number): number {
  return ticks > 0 ? ticks - 1 : 0;
}
