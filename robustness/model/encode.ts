import type { Client, Data, RedisNode, State, Token } from "./state.ts";

// Numbers of few bits each are put together into characters of 16.

const characters: number[] = [];

/** What may be less than 0, but not less than -16. */
const SIGNED = 16;

/** A state as a string: states have equal strings if they differ in the names of clients at most. */
export function encode(s: State): string {
  characters.length = 0;
  characters.push(
    s.primary | (s.linked << 2) | (s.incarnations << 3) | (s.epochs << 7) | (s.revision << 11),
    s.capacity | (s.capacityFor << 3) | (s.newestGrant << 7) | (s.strays.length << 11),
    s.settledRevision |
      (s.roomSince << 3) |
      (s.attempts.length << 6) |
      (s.restorations.length << 8),
  );
  for (const node of s.nodes) pushNode(node);
  pushClients(s);
  pushStrays(s);
  for (const { node, incarnation, epoch, age } of s.attempts)
    characters.push(node | (incarnation << 2) | (epoch << 6) | (age << 10));
  for (const { node, epoch, revoked, borrowed } of s.restorations)
    characters.push(node | (epoch << 2) | (packed(revoked, 1) << 6) | (packed(borrowed, 1) << 10));
  for (const { age, views } of s.brokers) {
    characters.push(age);
    for (const { ahead, trusted, peak, hasPeak } of views)
      characters.push(
        (ahead + SIGNED) | ((trusted + SIGNED) << 6),
        (peak + SIGNED) | (hasPeak << 6),
      );
  }
  characters.push(packed(s.budget.slice(0, 5), 2), packed(s.budget.slice(5), 2));
  characters.push(packed(s.givenBack, 1) | (packed(s.takenBack, 1) << 4));
  characters.push(packed(s.revoked, 1) | (packed(s.borrowed, 1) << 4));
  if (s.backup) pushData(s.backup);
  return String.fromCharCode(...characters);
}

function pushNode({ accepts, incarnation, stopsIn, ahead, firstSeen, data }: RedisNode): void {
  characters.push(accepts | (incarnation << 1) | (stopsIn << 5));
  characters.push((ahead + SIGNED) | ((firstSeen + SIGNED) << 6));
  pushData(data);
}

function pushData(data: Data): void {
  characters.push(
    data.meta |
      (data.sentinel << 1) |
      (data.incarnation << 2) |
      (data.epoch << 6) |
      (data.revision << 10) |
      (data.room << 12),
  );
  characters.push(data.fence | (data.learn << 4) | (data.restored << 8) | (data.hasTurned << 9));
  characters.push((data.seen + SIGNED) | ((data.turned + SIGNED) << 6));
  characters.push(packed(data.leases, 4), packed(data.revoked, 1));
}

/** At most 16 bits in all. */
function packed(values: readonly number[], bits: number): number {
  let all = 0;
  for (const value of values) all = (all << bits) | value;
  return all;
}

/** Two numbers of 30 bits. */
function pushClients(s: State): void {
  const clients = s.clients.map(clientKey).sort(ascending);
  for (const [first, second] of clients)
    characters.push(first & 0xffff, first >> 16, second & 0xffff, second >> 16);
}

function clientKey(client: Client): readonly [number, number] {
  const { id, relies, asks, answered, age, borrows } = client;
  return [
    id | (relies << 3) | (asks << 6) | (answered << 8) | (age << 9) | (borrows << 12),
    tokenKey(client.token) | (tokenKey(client.answerToken) << 12),
  ];
}

function tokenKey({ left, ahead }: Token): number {
  return (left + SIGNED) | ((ahead + SIGNED) << 6);
}

function pushStrays(s: State): void {
  const strays = s.strays.map(
    ({ kind, id, token }) => [kind | (id << 2), tokenKey(token)] as const,
  );
  for (const [first, second] of strays.sort(ascending)) characters.push(first, second);
}

function ascending(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
