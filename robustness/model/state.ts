import { type Bounds, FAULTS } from "./bounds.ts";

// Everything is a small number from 0 to 255, so that a state is a short string.

/** What a lease id is to a Redis; from LIVE on it is live, for so many ticks plus `LIVE - 1`. */
export const UNKNOWN = 0;
/** It ran out, and is still to be found. */
export const EXPIRED = 1;
/** It is over: released, cancelled, or ran out and was reaped. */
export const OVER = 2;
/** Live for one more tick. */
export const LIVE = 3;

/** The keys of the pool in one Redis. Times are ticks to come. */
export interface Data {
  meta: number;
  sentinel: number;
  incarnation: number;
  epoch: number;
  fence: number;
  learn: number;
  /** Of the terms: an index. */
  revision: number;
  leases: number[];
  confirmed: number[];
}

export interface RedisNode {
  accepts: number;
  /** Which it is now; data of another one are stale. */
  incarnation: number;
  /** Ticks since this incarnation was first seen; counted up to fence + span. */
  seen: number;
  /** Ticks until it stops, plus 1, if it was cut off; 0: it was not. */
  stopsIn: number;
  data: Data;
}

export const IDLE = 0;
export const ACQUIRING = 1;
export const RENEWING = 2;

export interface Client {
  /** Its lease id, plus 1; 0: none. */
  id: number;
  /** Ticks for which it relies on its seat. */
  relies: number;
  /** What it waits for. */
  asks: number;
  /** Whether the answer is under way. */
  answered: number;
  age: number;
  /** Ticks for which its token is good, by the clock of Redis. */
  token: number;
  answerToken: number;
}

export const STRAY_ACQUIRE = 1;
export const STRAY_RENEW = 2;
export const STRAY_RELEASE = 3;

/** A message that nobody waits for. */
export interface Stray {
  kind: number;
  /** A lease id. */
  id: number;
  token: number;
}

/** A broker's attempt to set up the pool. */
export interface Attempt {
  node: number;
  incarnation: number;
  epoch: number;
  age: number;
}

export interface Broker {
  /** Whether the clock of Redis has stepped without its knowing. */
  behind: number;
  /** Ticks for which it admits nobody. */
  settling: number;
}

export interface State {
  nodes: RedisNode[];
  /** The one that was promoted last. */
  primary: number;
  linked: number;
  /** Data of an earlier moment, if any were kept. */
  backup: Data | undefined;
  incarnations: number;
  epochs: number;
  /** The newest terms. */
  revision: number;
  /** The newest terms that every Redis at work has had. */
  settledRevision: number;
  clients: Client[];
  strays: Stray[];
  attempts: Attempt[];
  brokers: Broker[];
  /** Left of each fault. */
  budget: number[];
  /** The largest capacity in force during the last span, and for how long it still counts. */
  capacity: number;
  capacityFor: number;
  /** The epoch of the newest grant. */
  newestGrant: number;
  /** Ids that were given back at the primary, which has not lost them since. */
  givenBack: number[];
}

export function emptyData(ids: number): Data {
  return {
    meta: 0,
    sentinel: 0,
    incarnation: 0,
    epoch: 0,
    fence: 0,
    learn: 0,
    revision: 0,
    leases: Array.from({ length: ids }, () => UNKNOWN),
    confirmed: Array.from({ length: ids }, () => 0),
  };
}

/** @param seenUpTo how far `seen` is counted: the first incarnation has been there for long */
export function initialState(bounds: Bounds, seenUpTo: number): State {
  const { nodes, clients, ids, brokers, faults, terms, unused } = bounds;
  const used = { meta: 1, sentinel: 1, incarnation: 1, epoch: 1 };
  return {
    nodes: Array.from({ length: nodes }, (_, n) => ({
      accepts: n === 0 ? 1 : 0,
      incarnation: n + 1,
      seen: seenUpTo,
      stopsIn: 0,
      data: { ...emptyData(ids), ...(unused ? {} : used) },
    })),
    primary: 0,
    linked: 1,
    backup: undefined,
    incarnations: nodes,
    epochs: unused ? 0 : 1,
    revision: 0,
    settledRevision: 0,
    clients: Array.from({ length: clients }, () => idleClient()),
    strays: [],
    attempts: [],
    brokers: Array.from({ length: brokers }, () => ({ behind: 0, settling: 0 })),
    budget: FAULTS.map((fault) => faults[fault] ?? 0),
    capacity: terms[0].seats,
    capacityFor: 0,
    newestGrant: 0,
    givenBack: Array.from({ length: ids }, () => 0),
  };
}

export function idleClient(): Client {
  return { id: 0, relies: 0, asks: IDLE, answered: 0, age: 0, token: 0, answerToken: 0 };
}

export function copyData(data: Data): Data {
  return { ...data, leases: data.leases.slice(), confirmed: data.confirmed.slice() };
}

export function copyState(s: State): State {
  return {
    ...s,
    nodes: s.nodes.map((node) => ({ ...node, data: copyData(node.data) })),
    backup: s.backup && copyData(s.backup),
    clients: s.clients.map((client) => ({ ...client })),
    strays: s.strays.map((stray) => ({ ...stray })),
    attempts: s.attempts.map((attempt) => ({ ...attempt })),
    brokers: s.brokers.map((broker) => ({ ...broker })),
    budget: s.budget.slice(),
    givenBack: s.givenBack.slice(),
  };
}
