import type { Uuid } from "@leasehold/kernel";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { tokenKeys } from "../src/domain/lease-token.ts";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { postgresLedger } from "../src/store/postgres-ledger.ts";
import { postgresUsage } from "../src/store/postgres-usage.ts";
import { redisLedger } from "../src/store/redis-ledger.ts";
import { acquireSeat } from "../src/use-cases/acquire-seat.ts";
import { reapAll } from "../src/use-cases/reap-idle-pools.ts";
import { takeEntries } from "../src/use-cases/take-entries.ts";
import type { LedgerStream, UsageReader, UsageStore } from "../src/use-cases/usage-ports.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

const NEVER = new AbortController().signal;
const PATIENCE = { timeout: 15_000, interval: 100 };
const CLAIM = { seats: 1, features: [] };
const TOKENS = tokenKeys([Buffer.alloc(32, 7)]);

let stores: OpenStores;
let usage: UsageStore;
let stream: LedgerStream;
let reader: UsageReader;
let pool: Pool;

beforeAll(async () => {
  stores = await openStores({ fenceMs: 1_000 });
  usage = postgresLedger(stores.postgres);
  stream = redisLedger(stores.redis);
  reader = postgresUsage(stores.postgres);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => kept({}));

/** A pool whose leases live for 4 s. */
async function kept(terms: Parameters<typeof somePool>[0]): Promise<void> {
  pool = somePool({ seats: 1_000, validityMs: 3_000, graceMs: 1_000, ...terms });
  await stores.pools.keep(pool);
}

async function grant() {
  const id = someLease(pool.license);
  const holder = someHolder();
  await acquireSeat(
    { ...stores, tokens: TOKENS },
    { license: pool.license, id, holder, claim: CLAIM },
  );
  return id;
}

async function take(): Promise<void> {
  const silent = () => undefined;
  const events = {
    usageNotTaken: silent,
    usageNotKept: silent,
    usageEntriesDropped: silent,
    usageEntryUnreadable: silent,
  };
  await takeEntries({ stream, usage, events }, [pool.license]);
}

async function reap(): Promise<void> {
  await reapAll({ ...stores, usage }, NEVER);
  await take();
}

/** How each session ended, in the order of the words. */
async function ends(): Promise<readonly string[]> {
  const sessions = await reader.sessions(pool.license, {}, { after: undefined, limit: 500 });
  return sessions.map(({ ended }) => ended?.end ?? "OPEN").toSorted((a, b) => (a < b ? -1 : 1));
}

test("the sessions of clients that died end, also of a pool that nobody asks for seats", async () => {
  // More than are reaped in one step.
  const leases = await Promise.all(Array.from({ length: 450 }, grant));
  await take();
  await reap();
  expect(new Set(await ends())).toEqual(new Set(["OPEN"]));
  await vi.waitFor(async () => {
    await reap();
    expect(await ends()).toEqual(leases.map(() => "EXPIRED"));
  }, PATIENCE);
  expect(await usage.inUse(undefined)).not.toContain(pool.license);
});

test("a process that died has ended, though others go on with the seat that it shared", async () => {
  await kept({ policy: { ...OPEN_POLICY, sharing: "PER_USER" } });
  const [alive] = [await grant(), await grant()];
  await take();
  const members = [alive.member];
  await vi.waitFor(async () => {
    await stores.seats.renew([{ license: pool.license, members }]);
    await reap();
    expect(await ends()).toEqual(["EXPIRED", "OPEN"]);
  }, PATIENCE);
  expect((await stores.seats.readStanding(pool.license)).live).toBe(1);
});

test("a pool that lost its data and has no client left is set up again, so that its sessions end", async () => {
  await grant();
  await take();
  await stores.client.flushdb();
  await reap();
  await vi.waitFor(async () => {
    await usage.loseSessions(Date.now() + 60_000);
    expect(await ends()).toEqual(["LOST"]);
  }, PATIENCE);
});

test("a license that cannot be reaped holds up no other", async () => {
  const first = pool.license;
  await grant();
  await take();
  await kept({});
  const reaped: Uuid[] = [];
  const seats: typeof stores.seats = {
    ...stores.seats,
    reap: (license, from) => {
      if (license === first) return Promise.resolve({ kind: "recovering", endsInMs: 1 });
      reaped.push(license);
      return stores.seats.reap(license, from);
    },
  };
  await grant();
  await take();
  await reapAll({ ...stores, seats, usage }, NEVER);
  expect(reaped).toContain(pool.license);
});
