/*
 * Leases in Redis, by the seat-broker's scripts, against a prototype of leases in Postgres. The runs take
 * turns, so that what else the machine does meets all of them; medians of the rounds.
 *
 *   node --conditions=source bench/postgres-lease-store/measure.ts [--rounds 3] [--seconds 3]
 */
import { parseArgs } from "node:util";
import { newUuid, systemClock, systemRandom, type Uuid } from "@leasehold/kernel";
import { spreadOf } from "../percentiles.ts";
import { type LeaseStore, newMember, postgresLeases, redisLeases } from "./lease-stores.ts";

const BATCH = 250;
const RENEWED_LICENSES = 4;
const LEASES_EACH = 2_500;
const HELD = 500;
/** Who acquire at a time. */
const CALLERS = 16;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
  },
});
const rounds = Number(values.rounds);
const roundMs = Number(values.seconds) * 1_000;

interface Subject {
  readonly store: LeaseStore;
  /** Of one license, held and renewed. */
  readonly batches: readonly { readonly license: Uuid; readonly members: readonly string[] }[];
  /** Half full; others acquire here. */
  readonly busy: Uuid;
  readonly acquires: number[];
  readonly acquireP99: number[];
  readonly renewals: number[];
  readonly renewalP99: number[];
  readonly walPerRenewal: number[];
  /** In microseconds of the server's processors. */
  readonly cpuPerAcquire: number[];
  readonly cpuPerRenewal: number[];
}

async function hold(store: LeaseStore, count: number, seats: number) {
  const license = newUuid(systemClock, systemRandom);
  await store.open(license, seats);
  const members = Array.from({ length: count }, newMember);
  for (let from = 0; from < count; from += 50)
    await Promise.all(members.slice(from, from + 50).map((one) => store.acquire(license, one)));
  return { license, members };
}

async function prepare(store: LeaseStore): Promise<Subject> {
  const batches: { license: Uuid; members: string[] }[] = [];
  for (let i = 0; i < RENEWED_LICENSES; i += 1) {
    const { license, members } = await hold(store, LEASES_EACH, LEASES_EACH);
    for (let from = 0; from < members.length; from += BATCH)
      batches.push({ license, members: members.slice(from, from + BATCH) });
  }
  const { license: busy } = await hold(store, HELD, 2 * HELD);
  return {
    store,
    batches,
    busy,
    acquires: [],
    acquireP99: [],
    renewals: [],
    renewalP99: [],
    walPerRenewal: [],
    cpuPerAcquire: [],
    cpuPerRenewal: [],
  };
}

/** Lets so many callers repeat something for a round. @returns how long each call took */
async function repeat(callers: number, call: (caller: number) => Promise<number>) {
  const end = performance.now() + roundMs;
  const took: number[] = [];
  const one = async (_: unknown, caller: number): Promise<void> => {
    while (performance.now() < end) took.push(await call(caller));
  };
  await Promise.all(Array.from({ length: callers }, one));
  return took;
}

async function acquireRound(subject: Subject): Promise<void> {
  const { store, busy, acquires, acquireP99, cpuPerAcquire } = subject;
  const before = await store.costs();
  const took = await repeat(CALLERS, async () => {
    const member = newMember();
    const since = performance.now();
    if (!(await store.acquire(busy, member))) throw new Error("a free seat was refused");
    const ms = performance.now() - since;
    await store.release(busy, member);
    return ms;
  });
  acquires.push((took.length * 1_000) / roundMs);
  acquireP99.push(spreadOf(took).p99);
  const after = await store.costs();
  cpuPerAcquire.push((1_000 * (after.cpuMs - before.cpuMs)) / took.length);
}

async function renewRound(subject: Subject): Promise<void> {
  const { store, batches, renewals, renewalP99, walPerRenewal, cpuPerRenewal } = subject;
  const before = await store.costs();
  let next = 0;
  const took = await repeat(RENEWED_LICENSES, async () => {
    const batch = batches[next++ % batches.length];
    if (!batch) throw new Error("there is nothing to renew");
    const since = performance.now();
    const renewed = await store.renew(batch.license, batch.members);
    if (renewed !== batch.members.length) throw new Error(`${renewed} were renewed`);
    return performance.now() - since;
  });
  const count = took.length * BATCH;
  renewals.push((count * 1_000) / roundMs);
  renewalP99.push(spreadOf(took).p99);
  const after = await store.costs();
  walPerRenewal.push((after.wal - before.wal) / count);
  cpuPerRenewal.push((1_000 * (after.cpuMs - before.cpuMs)) / count);
}

await using stack = new AsyncDisposableStack();
const stores = [
  await redisLeases("Redis, in memory", false),
  await redisLeases("Redis, AOF always", true),
  await postgresLeases("Postgres", true),
  await postgresLeases("Postgres, synchronous_commit off", false),
];
const subjects: Subject[] = [];
for (const store of stores) subjects.push(await prepare(stack.use(store)));
const sizes = new Map<Subject, number>();
for (const subject of subjects) sizes.set(subject, (await subject.store.costs()).table);
for (let round = 0; round < rounds; round += 1)
  for (const measured of [acquireRound, renewRound])
    for (const subject of subjects) await measured(subject);

const median = (samples: readonly number[]) => Math.round(spreadOf(samples).p50 * 10) / 10;
for (const subject of subjects) {
  const { table, updates, heapOnly } = await subject.store.costs();
  const figures = {
    store: subject.store.name,
    acquiresPerSecond: median(subject.acquires),
    acquireP99Ms: median(subject.acquireP99),
    cpuMicrosPerAcquireAndRelease: median(subject.cpuPerAcquire),
    renewalsPerSecond: median(subject.renewals),
    batchP99Ms: median(subject.renewalP99),
    cpuMicrosPerRenewal: median(subject.cpuPerRenewal),
    walBytesPerRenewal: median(subject.walPerRenewal),
    tableKb: [sizes.get(subject) ?? 0, table].map((bytes) => Math.round(bytes / 1_024)),
    heapOnlyPercent: updates === 0 ? undefined : Math.round((100 * heapOnly) / updates),
  };
  console.log(JSON.stringify(figures));
}
