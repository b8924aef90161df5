import type { Data, State } from "./state.ts";

// Numbers of few bits each are put together into characters of 16.

const characters: number[] = [];

/** A state as a string: states have equal strings if they differ in the names of clients at most. */
export function encode(s: State): string {
  characters.length = 0;
  characters.push(
    s.primary | (s.linked << 2) | (s.incarnations << 3) | (s.epochs << 7) | (s.revision << 11),
  );
  characters.push(
    s.capacity |
      (s.capacityFor << 3) |
      (s.newestGrant << 7) |
      (s.strays.length << 11) |
      (s.attempts.length << 13),
    s.settledRevision,
  );
  for (const { accepts, incarnation, seen, stopsIn, data } of s.nodes) {
    characters.push(accepts | (incarnation << 1) | (seen << 5) | (stopsIn << 9));
    pushData(data);
  }
  pushClients(s);
  pushStrays(s);
  for (const { node, incarnation, epoch, age } of s.attempts)
    characters.push(node | (incarnation << 2) | (epoch << 6) | (age << 10));
  for (const { behind, settling } of s.brokers) characters.push(behind | (settling << 1));
  pushPacked(s.budget, 2);
  pushPacked(s.givenBack, 1);
  if (s.backup) pushData(s.backup);
  return String.fromCharCode(...characters);
}

function pushData(data: Data): void {
  characters.push(
    data.meta |
      (data.sentinel << 1) |
      (data.incarnation << 2) |
      (data.epoch << 6) |
      (data.revision << 10),
  );
  characters.push(data.fence | (data.learn << 4));
  pushPacked(data.leases, 4);
  pushPacked(data.confirmed, 1);
}

/** At most 16 bits in all. */
function pushPacked(values: readonly number[], bits: number): void {
  let packed = 0;
  for (const value of values) packed = (packed << bits) | value;
  characters.push(packed);
}

function pushClients(s: State): void {
  const clients: number[] = [];
  for (const { id, relies, asks, answered, age, token, answerToken } of s.clients)
    clients.push(
      id |
        (relies << 3) |
        (asks << 6) |
        (answered << 8) |
        (age << 9) |
        (token << 12) |
        (answerToken << 16),
    );
  for (const client of clients.sort(ascending)) characters.push(client & 0xffff, client >> 16);
}

function pushStrays(s: State): void {
  const strays: number[] = [];
  for (const { kind, id, token } of s.strays) strays.push(kind | (id << 2) | (token << 5));
  characters.push(...strays.sort(ascending));
}

function ascending(a: number, b: number): number {
  return a - b;
}
