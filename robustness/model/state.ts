import { type Bounds, FAULTS } from "./bounds.ts";
import type { World } from "./world.ts";

// Everything is a small number, so that a state is a short string.
//
// Points in time are kept by how many ticks ago they were, or will come. A TIME, which is what the clock of
// a Redis shows, is kept as the number of ticks that a right clock has gone on since it showed it: that number
// plus how far ahead the clock is now, is how long ago it was by that clock.

/** What a lease id is to a Redis; from LIVE on it is live, for so many ticks plus `LIVE - 1`. */
export const UNKNOWN = 0;
/** It ran out, and is still to be found. */
export const EXPIRED = 1;
/** It is over: released, cancelled, or ran out and was reaped. */
export const OVER = 2;
/** Live for one more tick. */
export const LIVE = 3;
/** Borrowed: live for longer than any history is. */
export const BORROWED = 15;

/** The keys of the pool in one Redis. What is to come, is to come in ticks of the pool's time after `seen`. */
export interface Data {
  meta: number;
  sentinel: number;
  incarnation: number;
  epoch: number;
  fence: number;
  learn: number;
  /** A TIME: when a script last passed the gate. */
  seen: number;
  /** A TIME, if `hasTurned`: the last one before the clock stepped back. */
  turned: number;
  hasTurned: number;
  /** Whether it knows again what outlives its data. */
  restored: number;
  /** Of the terms: an index. */
  revision: number;
  /** How many leases there may be while it learns. */
  room: number;
  leases: number[];
  /** Leases that were taken back, and that are not over. */
  revoked: number[];
}

export interface RedisNode {
  accepts: number;
  /** Which it is now; data of another one are stale. */
  incarnation: number;
  /** A TIME: when this incarnation was first seen. */
  firstSeen: number;
  /** Ticks until it stops, plus 1, if it was cut off; 0: it was not. */
  stopsIn: number;
  /** How far its clock is ahead of a right one. */
  ahead: number;
  data: Data;
}

export const IDLE = 0;
export const ACQUIRING = 1;
export const RENEWING = 2;

/** How long a holder relies on a borrowed seat. */
export const RELIES_ON_FILE = 7;

/** What a holder has of its lease's token. */
export interface Token {
  /** Ticks for which it is good, by a right clock. */
  left: number;
  /** How far ahead the clock was by which its expiry was written. */
  ahead: number;
}

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
  token: Token;
  answerToken: Token;
  /** The epoch in which Redis lengthened its lease to a borrowed one, if its file is not signed yet. */
  borrows: number;
}

export const STRAY_ACQUIRE = 1;
export const STRAY_RENEW = 2;
export const STRAY_RELEASE = 3;

/** A message that nobody waits for. */
export interface Stray {
  kind: number;
  /** A lease id. */
  id: number;
  token: Token;
}

/** A broker's attempt to set up the pool. */
export interface Attempt {
  node: number;
  incarnation: number;
  epoch: number;
  age: number;
}

/** What a broker read of what outlives the data, to restore it. */
export interface Restoration {
  node: number;
  epoch: number;
  revoked: number[];
  borrowed: number[];
}

/** What a broker knows of the clock of one Redis. */
export interface View {
  /** How far ahead it takes it to be. */
  ahead: number;
  /** A TIME: since when it vouches that the clock runs evenly. */
  trusted: number;
  /** A TIME to come, if `hasPeak`: what the clock would show if it had not stepped back. */
  peak: number;
  hasPeak: number;
}

export interface Broker {
  /** Ticks since it started. */
  age: number;
  views: View[];
}

export interface State {
  nodes: RedisNode[];
  /** The one that was promoted last. */
  primary: number;
  linked: number;
  /** Data of an earlier moment, if any were kept. */
  backup: Data | undefined;
  incarnations: number;
  /** In Postgres: the newest epoch, which leases are revoked and borrowed. */
  epochs: number;
  revoked: number[];
  borrowed: number[];
  /** In Postgres: the oldest revision whose seats there may still be leases for. */
  roomSince: number;
  /** The newest terms. */
  revision: number;
  /** The newest terms that every Redis at work has had. */
  settledRevision: number;
  clients: Client[];
  strays: Stray[];
  attempts: Attempt[];
  restorations: Restoration[];
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
  /** Ids of which it was answered that they are revoked. */
  takenBack: number[];
}

export const NO_TOKEN: Token = { left: 0, ahead: 0 };

function none(ids: number): number[] {
  return Array.from({ length: ids }, () => 0);
}

export function emptyData(ids: number): Data {
  return {
    meta: 0,
    sentinel: 0,
    incarnation: 0,
    epoch: 0,
    fence: 0,
    learn: 0,
    seen: 0,
    turned: 0,
    hasTurned: 0,
    restored: 0,
    revision: 0,
    room: 0,
    leases: none(ids),
    revoked: none(ids),
  };
}

/** All has been there for long. */
export function initialState({ bounds, longAgo }: World): State {
  const { nodes, ids, faults, terms, unused } = bounds;
  const used = { meta: 1, sentinel: 1, incarnation: 1, epoch: 1, restored: 1 };
  return {
    nodes: Array.from({ length: nodes }, (_, n) => ({
      accepts: n === 0 ? 1 : 0,
      incarnation: n + 1,
      firstSeen: longAgo,
      stopsIn: 0,
      ahead: n * bounds.hostsDiffer,
      data: { ...emptyData(ids), ...(unused ? {} : used) },
    })),
    primary: 0,
    linked: 1,
    backup: undefined,
    incarnations: nodes,
    epochs: unused ? 0 : 1,
    revoked: none(ids),
    borrowed: none(ids),
    roomSince: 0,
    revision: 0,
    settledRevision: 0,
    clients: Array.from({ length: bounds.clients }, () => idleClient()),
    strays: [],
    attempts: [],
    restorations: [],
    brokers: initialBrokers(bounds, longAgo),
    budget: FAULTS.map((fault) => faults[fault] ?? 0),
    capacity: terms[0].seats,
    capacityFor: 0,
    newestGrant: 0,
    givenBack: none(ids),
    takenBack: none(ids),
  };
}

function initialBrokers({ brokers, nodes, hostsDiffer }: Bounds, longAgo: number): Broker[] {
  return Array.from({ length: brokers }, () => ({
    age: longAgo,
    views: Array.from({ length: nodes }, (_, n) => ({
      ahead: n * hostsDiffer,
      trusted: longAgo,
      peak: 0,
      hasPeak: 0,
    })),
  }));
}

export function idleClient(): Client {
  return {
    id: 0,
    relies: 0,
    asks: IDLE,
    answered: 0,
    age: 0,
    token: NO_TOKEN,
    answerToken: NO_TOKEN,
    borrows: 0,
  };
}

export function copyData(data: Data): Data {
  return { ...data, leases: data.leases.slice(), revoked: data.revoked.slice() };
}

/** Tokens are never changed in place; whoever changes a restoration replaces it. */
export function copyState(s: State): State {
  return {
    ...s,
    nodes: s.nodes.map((node) => ({ ...node, data: copyData(node.data) })),
    backup: s.backup && copyData(s.backup),
    revoked: s.revoked.slice(),
    borrowed: s.borrowed.slice(),
    clients: s.clients.map((client) => ({ ...client })),
    strays: s.strays.map((stray) => ({ ...stray })),
    attempts: s.attempts.map((attempt) => ({ ...attempt })),
    restorations: s.restorations.slice(),
    brokers: s.brokers.map((broker) => ({
      ...broker,
      views: broker.views.map((view) => ({ ...view })),
    })),
    budget: s.budget.slice(),
    givenBack: s.givenBack.slice(),
    takenBack: s.takenBack.slice(),
  };
}
