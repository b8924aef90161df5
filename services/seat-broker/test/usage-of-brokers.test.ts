import { seatBroker } from "@leasehold/contracts";
import { isProblem, systemClock } from "@leasehold/kernel";
import { openPostgres, openRedis } from "@leasehold/store-kit";
import { startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { LeaseId } from "../src/domain/lease-id.ts";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { postgresLedger } from "../src/store/postgres-ledger.ts";
import { redisLedger } from "../src/store/redis-ledger.ts";
import { redisSeatStore } from "../src/store/redis-seat-store.ts";
import { keepUsageOnce } from "../src/use-cases/keep-usage.ts";
import type { SeatStore } from "../src/use-cases/ports.ts";
import { ClientProcess } from "./client-process.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

// What two seat-brokers tell of seats that went through them, on a Redis of their own.

const { DenialCause, DenialOutcome, SessionEnd, SessionState, UsageResolution, UsageTable } =
  seatBroker;
const PATIENCE = { timeout: 15_000, interval: 50 };
const HOUR_MS = 3_600_000;
const SHORT = { validityMs: 3_000, graceMs: 1_000 };
const NO_FILTER: seatBroker.SessionFilter = {
  user: "",
  host: "",
  installation: "",
  feature: "",
  state: SessionState.UNSPECIFIED,
  startTime: undefined,
  endTime: undefined,
};
const NO_DENIAL_FILTER: seatBroker.DenialFilter = {
  cause: DenialCause.UNSPECIFIED,
  outcome: DenialOutcome.UNSPECIFIED,
  user: "",
  host: "",
  startTime: undefined,
  endTime: undefined,
};

let stack: AsyncDisposableStack;
let running: RunningBrokers;
let redisUrl: string;
/** Decides as a broker does that dies before it takes anything over. */
let dying: SeatStore;
/** Counts as the brokers will in an hour. */
let keepAnHourLater: () => Promise<void>;
let pool: Pool;
let desk: Installation;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ url: redisUrl } = stack.use(await startRedis()));
  running = stack.use(await runningBrokers({ brokers: 2, redisUrl }));
  const redis = stack.use(await openRedis({ url: redisUrl, commandTimeoutMs: 5_000 }));
  const postgres = stack.use(
    openPostgres({
      url: running.postgres.url,
      poolSize: 2,
      statementTimeoutMs: 20_000,
      applicationName: "seat-broker-test",
    }),
  );
  dying = redisSeatStore({ redis, clock: systemClock, fenceMs: 1_000, apart: setImmediate });
  const silent = () => undefined;
  const ports = {
    usage: postgresLedger(postgres),
    stream: redisLedger(redis),
    events: {
      usageNotTaken: silent,
      usageNotKept: silent,
      usageEntriesDropped: silent,
      usageEntryUnreadable: silent,
    },
    clock: { now: () => Date.now() + HOUR_MS },
    pause: () => Promise.resolve(),
  };
  const kept = { sessions: 1_000 * 24 * HOUR_MS, rollups: 1_000 * 24 * HOUR_MS };
  keepAnHourLater = () => keepUsageOnce(ports, kept, new AbortController().signal);
});
afterAll(() => stack.disposeAsync());

async function licensed(terms: Parameters<typeof somePool>[0] = {}): Promise<void> {
  pool = somePool(terms);
  await running.issue(pool);
  desk = await running.installation(pool);
}
beforeEach(() => licensed());

interface Asked {
  readonly broker?: number;
  readonly features?: readonly string[];
  readonly id?: LeaseId;
}

/** A user's lease, or why there is none. */
async function ask(user: string, { broker = 0, features = [], id }: Asked = {}) {
  const lease = id ?? someLease(pool.license);
  const request = {
    leaseId: lease.bytes,
    holder: { installation: "", user, host: "difference", process: "17", applicationVersion: "1" },
    claim: { seats: 1, features: [...features] },
  };
  try {
    await desk.at(broker).acquireSeat(request);
    return lease;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.reason;
  }
}

async function granted(user: string, asked: Asked = {}): Promise<LeaseId> {
  const lease = await ask(user, asked);
  if (typeof lease === "string") throw new Error(`no seat: ${lease}`);
  return lease;
}

async function sessions(filter: Partial<seatBroker.SessionFilter> = {}, broker = 0) {
  const page = { parent: pool.name, pageSize: 0, pageToken: "" };
  const all = { ...page, filter: { ...NO_FILTER, ...filter } };
  return (await running.usage(broker).listSessions(all)).sessions;
}

async function denials(filter: Partial<seatBroker.DenialFilter> = {}) {
  const page = { parent: pool.name, pageSize: 0, pageToken: "" };
  const all = { ...page, filter: { ...NO_DENIAL_FILTER, ...filter } };
  return (await running.usage().listDenials(all)).denials;
}

/** How each user's session ended, once so many are told of. */
async function endsOf(count: number): Promise<Readonly<Record<string, seatBroker.SessionEnd>>> {
  return vi.waitFor(async () => {
    const told = await sessions();
    expect(told).toHaveLength(count);
    return Object.fromEntries(told.map(({ holder, end }) => [holder!.user, end]));
  }, PATIENCE);
}

test("grants, releases and expiries are told by every broker", async () => {
  await licensed({ seats: 2, ...SHORT });
  await granted("dead", { broker: 1 });
  const lease = await granted("ada", { features: ["dataflow"] });
  await desk.at(1).releaseSeat({ leaseId: lease.bytes });
  expect(await endsOf(2)).toEqual({
    dead: SessionEnd.UNSPECIFIED,
    ada: SessionEnd.RELEASED,
  });
  // Its seat is found to be free when somebody wants one.
  await granted("bob");
  await vi.waitFor(async () => {
    expect(typeof (await ask("carol"))).toBe("object");
    expect(await endsOf(4)).toMatchObject({ dead: SessionEnd.EXPIRED });
  }, PATIENCE);
  const [dead] = await sessions({ user: "dead" }, 1);
  const lived = dead!.endTime!.getTime() - dead!.grantTime!.getTime();
  // The time of a pool lags a little behind the clock.
  expect(Math.round(lived / 100)).toBe(40);
  const open = await sessions({ state: SessionState.OPEN }, 1);
  expect(open.map(({ holder }) => holder!.user).toSorted()).toEqual(["bob", "carol"]);
  expect(await sessions({ feature: "dataflow" })).toMatchObject([{ leaseId: lease.bytes }]);
});

test("each cause of a denial is told, and waiting is none", async () => {
  const members = { hosts: [], installations: [], priority: 0 };
  await licensed({
    features: [{ feature: "dataflow", seats: 1 }],
    policy: {
      ...OPEN_POLICY,
      groups: [
        { group: "staff", users: ["grace"], reservedSeats: 1, ...members },
        { group: "out", users: ["eve"], reservedSeats: 0, ...members },
      ],
      excludeGroups: ["out"],
    },
  });
  expect(await ask("eve")).toBe("HOLDER_EXCLUDED");
  await granted("ada", { features: ["dataflow"] });
  expect(await ask("bob", { features: ["dataflow"] })).toBe("NO_SEATS");
  await granted("bob");
  expect(await ask("carol")).toBe("NO_SEATS");
  await granted("grace");
  expect(await ask("dan")).toBe("NO_SEATS");
  expect(await ask("dan", { features: ["tables"] })).toBe("FEATURE_NOT_LICENSED");
  const waiting = desk.broker.waitForSeat({
    leaseId: someLease(pool.license).bytes,
    ticket: Buffer.alloc(0),
    holder: { installation: "", user: "eve", host: "", process: "", applicationVersion: "" },
    claim: undefined,
  });
  expect(await reasonOf(waiting[Symbol.asyncIterator]().next())).toBe("HOLDER_EXCLUDED");
  await dying.drain(pool.license, { drained: true, revision: 1n });
  expect(await ask("fay")).toBe("POOL_DRAINED");
  await vi.waitFor(async () => {
    const told = await denials();
    const facts = told.map(({ holder, cause, feature, live, attempts }) => [
      holder!.user,
      cause,
      feature,
      live,
      attempts,
    ]);
    expect(facts.toReversed()).toEqual([
      ["eve", DenialCause.HOLDER_EXCLUDED, "", 0, 1],
      ["bob", DenialCause.FEATURE_FULL, "dataflow", 1, 1],
      ["carol", DenialCause.RESERVED, "", 2, 1],
      ["dan", DenialCause.FULL, "", 3, 1],
      ["dan", DenialCause.FEATURE_NOT_LICENSED, "tables", 3, 1],
      ["fay", DenialCause.DRAINED, "", 3, 1],
    ]);
  }, PATIENCE);
});

test("what an installation asks for that is disabled is told as denied", async () => {
  await licensed({ seats: 50 });
  running.activation.bar(pool, [desk.id]);
  await vi.waitFor(async () => expect(await ask("ada")).toBe("INSTALLATION_DISABLED"), PATIENCE);
  const cause = DenialCause.INSTALLATION_DISABLED;
  await vi.waitFor(async () => {
    const told = await denials({ cause });
    expect(told).toMatchObject([{ holder: { user: "ada" }, cause, feature: "", attempts: 1 }]);
  }, PATIENCE);
});

test("a seat that was taken back ends as revoked", async () => {
  const lease = await granted("ada");
  await dying.revoke(pool.license, lease, true);
  await granted("bob");
  expect(await endsOf(2)).toMatchObject({ ada: SessionEnd.REVOKED });
});

test("use, true denials and totals are told and exported once they are counted", async () => {
  await licensed({ seats: 2 });
  const from = new Date(Date.now() - HOUR_MS);
  const until = new Date(Date.now() + HOUR_MS);
  const [first] = [await granted("ada"), await granted("bob", { broker: 1 })];
  expect(await ask("carol")).toBe("NO_SEATS");
  expect(await ask("carol", { broker: 1 })).toBe("NO_SEATS");
  const dan = someLease(pool.license);
  expect(await ask("dan", { id: dan })).toBe("NO_SEATS");
  await desk.broker.releaseSeat({ leaseId: first.bytes });
  await granted("dan", { id: dan });
  await endsOf(3);
  await vi.waitFor(async () => expect(await denials()).toHaveLength(3), PATIENCE);
  await keepAnHourLater();
  expect(await denials({ outcome: DenialOutcome.TRUE })).toMatchObject([
    { holder: { user: "carol" } },
  ]);
  expect(await denials({ outcome: DenialOutcome.SERVED })).toMatchObject([
    { holder: { user: "dan" }, leaseId: dan.bytes },
  ]);
  const usage = await running.usage(1).getUsage({
    parent: pool.name,
    startTime: from,
    endTime: until,
    resolution: UsageResolution.DAY,
    feature: "",
  });
  expect(usage.highWaterMark?.peak).toBe(2);
  expect(usage.points.reduce((sum, { trueDenials }) => sum + trueDenials, 0)).toBe(1);
  expect(usage.users.map(({ key }) => key).toSorted()).toEqual(["ada", "bob", "dan"]);
  expect(usage.droppedEntries).toBe(0n);
  for (const [table, rows] of [
    [UsageTable.SESSIONS, 3],
    [UsageTable.DENIALS, 3],
  ] as const)
    expect((await exported(table)).split("\r\n")).toHaveLength(1 + rows + 1);
  expect(await exported(UsageTable.USAGE)).toMatch(/^start_time/);
});

async function exported(table: seatBroker.UsageTable): Promise<string> {
  const request = { parent: pool.name, table, startTime: undefined, endTime: undefined };
  const chunks: Buffer[] = [];
  for await (const { csv } of running.usage(1).exportUsage(request)) chunks.push(csv);
  return Buffer.concat(chunks).toString("utf8");
}

test("only who may read usage reads it", async () => {
  const listing = running
    .usage(0, desk.headers)
    .listSessions({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
  expect(await reasonOf(listing)).toBe("PERMISSION_DENIED");
});

test("brokers that share a license's work tell of each session once", async () => {
  await licensed({ seats: 100 });
  const leases = await Promise.all(
    Array.from({ length: 80 }, (_, turn) => granted(`user-${turn}`, { broker: turn % 2 })),
  );
  await Promise.all(
    leases.map(({ bytes: leaseId }, turn) => desk.at((turn + 1) % 2).releaseSeat({ leaseId })),
  );
  await vi.waitFor(async () => {
    const told = await sessions();
    expect(told.map(({ end }) => end)).toEqual(leases.map(() => SessionEnd.RELEASED));
  }, PATIENCE);
  expect(running.log.filter(({ message }) => message === "usage entries lost")).toEqual([]);
});

test("what a broker that died left over is taken over by one that starts", async () => {
  await granted("ada");
  const lease = someLease(pool.license);
  const holder = { ...someHolder(), user: "bob" };
  const claim = { seats: 1, features: [] };
  const decided = { packed: "", priority: 0, revision: pool.revision };
  const outcome = await dying.acquire({ license: pool.license, id: lease, holder, claim }, decided);
  expect(outcome.kind).toBe("granted");
  await running.restart(1);
  expect(Object.keys(await endsOf(2)).toSorted()).toEqual(["ada", "bob"]);
});

test("while Postgres is away seats change hands, and all of it is told afterwards", async () => {
  await granted("ada");
  running.postgres.cut();
  const lease = await granted("bob", { broker: 0 });
  await desk.at(1).releaseSeat({ leaseId: lease.bytes });
  expect((await problemOf(sessions())).reason).toBe("DEPENDENCY_UNAVAILABLE");
  running.postgres.mend();
  await vi.waitFor(async () => expect(await sessions()).toHaveLength(2), {
    ...PATIENCE,
    timeout: 40_000,
  });
  expect(await endsOf(2)).toMatchObject({ bob: SessionEnd.RELEASED });
});

test("who comes back after a loss of all data stays one session, who does not is lost", async () => {
  await licensed(SHORT);
  await granted("dead");
  const leaving = await granted("leaving");
  const alive = ClientProcess.of(pool, desk);
  await alive.acquireWithin(PATIENCE.timeout);
  await using beating = new AsyncDisposableStack();
  beating.defer(alive.keepBeating());
  await endsOf(3);
  const client = new Redis(redisUrl);
  await client.flushall();
  client.disconnect();
  // Its seat is not known again yet.
  await vi.waitFor(() => desk.broker.releaseSeat({ leaseId: leaving.bytes }), PATIENCE);
  await vi.waitFor(async () => expect(typeof (await ask("new"))).toBe("object"), PATIENCE);
  await endsOf(4);
  await keepAnHourLater();
  expect(await endsOf(4)).toEqual({
    dead: SessionEnd.LOST,
    leaving: SessionEnd.RELEASED,
    u: SessionEnd.UNSPECIFIED,
    new: SessionEnd.UNSPECIFIED,
  });
  expect((await sessions({ user: "u" }))[0]?.holder).toMatchObject({ host: "h", process: "p" });
});
