import { isProblem, systemClock, type Uuid } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool } from "../src/domain/pool.ts";
import { apartFromHere } from "../src/store/apart.ts";
import { acquireGate, behindGate } from "../src/use-cases/acquire-gate.ts";
import { acquireSeat } from "../src/use-cases/acquire-seat.ts";
import { leaseRenewer, type ProvenLease, type ShownLease } from "../src/use-cases/renew-leases.ts";
import { type OpenStores, openStores, silentEvents } from "./open-stores.ts";
import { someHolder, someLease, somePool, someUuid } from "./some-pool.ts";

const NO_CLAIM = { seats: 1, features: [] };
/** Some hundred acquires a second; three thousand at once would take longer than a command may. */
const NARROW = 200_000;

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 1_000, commandTimeoutMs: 1_500 });
});
afterAll(() => stores[Symbol.asyncDispose]());

/** A license whose seats are asked for through the gate, as the service has it. */
async function gated() {
  const { recover, restore, terms, pools, denials } = stores;
  const pool = somePool({ seats: 10_000 });
  await pools.keep(pool);
  const gate = acquireGate(systemClock);
  const tokens = tokenKeys([Buffer.alloc(32, 1)]);
  const seats = behindGate(stores.seats, gate);
  const ports = { seats, recover, restore, terms, tokens, denials };
  const renew = leaseRenewer({ ...ports, events: silentEvents, apart: apartFromHere() });
  return { pool, gate, renew, ask: asking(ports, pool) };
}

/** What became of an acquire. */
type Answer =
  | {
      readonly kind: "granted";
      readonly installation: Uuid;
      readonly lease: ProvenLease & ShownLease;
    }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
    };

function asking(ports: Parameters<typeof acquireSeat>[0], { license }: Pool) {
  return async (installation: Uuid = someUuid()): Promise<Answer> => {
    const id = someLease(license);
    try {
      const holder = someHolder(installation);
      const lease = await acquireSeat(ports, { license, id, holder, claim: NO_CLAIM });
      const named = { member: id.member, leaseId: id.bytes, claim: "", expiry: 0 };
      return { kind: "granted", installation, lease: { ...named, ...lease } };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return { kind: "refused", reason: error.reason, retryAfterMs: error.retryAfterMs };
    }
  };
}

const granted = (answers: readonly Answer[]) => answers.filter((one) => one.kind === "granted");
const refused = (answers: readonly Answer[]) => answers.filter((one) => one.kind === "refused");

test("while three thousand ask a slow Redis for seats, holders are renewed at every heartbeat", async () => {
  const { pool, gate, renew, ask } = await gated();
  const holders = granted(await Promise.all(Array.from({ length: 20 }, () => ask())));
  expect(holders).toHaveLength(20);
  stores.way.narrow(NARROW);
  const over = new AbortController();
  const asked = Promise.all(Array.from({ length: 3_000 }, () => ask())).finally(() => over.abort());
  const kinds = new Set<string>();
  let beats = 0;
  while (!over.signal.aborted) {
    const beaten = holders.map(({ installation, lease }) =>
      renew({ license: pool.license, installation, leases: [lease], shown: [lease] }),
    );
    for (const { kind } of (await Promise.all(beaten)).flat()) kinds.add(kind);
    beats += 1;
  }
  stores.way.narrow();
  expect(kinds).toEqual(new Set(["renewed"]));
  expect(beats).toBeGreaterThan(3);
  const answers = await asked;
  expect(granted(answers).length).toBeGreaterThan(0);
  expect(new Set(refused(answers).map(({ reason }) => reason))).toEqual(new Set(["OVERLOADED"]));
  expect(refused(answers).every(({ retryAfterMs = 0 }) => retryAfterMs > 0)).toBe(true);
  expect(gate.standing()).toMatchObject({ underWay: 0, queued: 0 });
  // The jam is over: whoever comes back is served, and nobody was granted a seat without knowing.
  expect(granted([await ask()])).toHaveLength(1);
  const { live } = await stores.seats.readStanding(pool.license);
  expect(live).toBe(20 + granted(answers).length + 1);
});

test("while one installation asks without end, others get their seats", async () => {
  const { ask } = await gated();
  expect(granted([await ask()])).toHaveLength(1);
  stores.way.narrow(NARROW);
  const flooder = someUuid();
  const over = new AbortController();
  const flooding = Array.from({ length: 1_500 }, async () => {
    const answers: Answer[] = [];
    while (!over.signal.aborted) {
      answers.push(await ask(flooder));
      await new Promise(setImmediate);
    }
    return answers;
  });
  const others: Answer[] = [];
  for (let i = 0; i < 10; i += 1) others.push(await ask());
  over.abort();
  stores.way.narrow();
  const flooded = (await Promise.all(flooding)).flat();
  expect(granted(others)).toHaveLength(10);
  expect(refused(flooded).length).toBeGreaterThan(0);
});
