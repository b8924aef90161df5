import {
  ACQUIRING,
  type Client,
  copyState,
  type Data,
  EXPIRED,
  IDLE,
  idleClient,
  LIVE,
  type State,
} from "./state.ts";
import type { World } from "./world.ts";

/** One tick later, everywhere. */
export function tick(world: World, s: State): State {
  const next = copyState(s);
  passOnServer(next, world.span + world.bounds.fence);
  for (const node of next.nodes) {
    if (node.stopsIn > 1) node.stopsIn -= 1;
    if (node.stopsIn === 1) node.accepts = 0;
  }
  for (const broker of next.brokers) broker.settling = less(broker.settling);
  for (const attempt of next.attempts) attempt.age = Math.min(attempt.age + 1, 2);
  for (const client of next.clients) passOnClient(world, client);
  next.capacityFor = less(next.capacityFor);
  return next;
}

/** What the clock of Redis alone decides. */
export function passOnServer(s: State, seenUpTo: number): void {
  for (const node of s.nodes) {
    if (node.accepts) node.seen = Math.min(node.seen + 1, seenUpTo);
    passOnData(node.data);
  }
  if (s.backup) passOnData(s.backup);
  for (const client of s.clients) {
    client.token = less(client.token);
    client.answerToken = less(client.answerToken);
  }
  for (const stray of s.strays) stray.token = less(stray.token);
}

function passOnData(data: Data): void {
  data.fence = less(data.fence);
  data.learn = less(data.learn);
  if (data.learn === 0) data.confirmed.fill(0);
  for (const [id, lease] of data.leases.entries())
    if (lease >= LIVE) data.leases[id] = lease === LIVE ? EXPIRED : lease - 1;
}

function passOnClient({ bounds, rules }: World, client: Client): void {
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
    client.answerToken = 0;
  }
}

function less(ticks: number): number {
  return ticks > 0 ? ticks - 1 : 0;
}
