import { type RedisServer, startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { describe, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ClientProcess, type Held, mostHeldAtOnce } from "./client-process.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { somePool } from "./some-pool.ts";

// A Redis of each test's own, which may be killed and emptied. Short clocks: C = 3 s, G = 1 s,
// F = 1 s, so that a recovery is over after 5 s.

const SEATS = 3;
const VALIDITY_MS = 6_000;
const GRACE_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Two brokers on a Redis of their own, and a license of three seats. */
interface Scene extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly running: RunningBrokers;
  readonly pool: Pool;
  /** A client that goes to the other broker with each call. */
  readonly someClient: () => Promise<ClientProcess>;
  /** As many clients as there are seats, each with one, all beating. */
  readonly holders: () => Promise<readonly ClientProcess[]>;
  readonly beatUntilTheEnd: (client: ClientProcess) => void;
  readonly emptyRedis: () => Promise<void>;
  /** How often the pool was set up. */
  readonly recoveries: () => number;
}

async function scene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis({ appendonly: true }));
  const running = stack.use(await runningBrokers({ brokers: 2, redisUrl: redis.url }));
  const policy = { ...OPEN_POLICY, offlineDays: 7 };
  const pool = somePool({ seats: SEATS, validityMs: VALIDITY_MS, graceMs: GRACE_MS, policy });
  await running.issue(pool);
  const someClient = async () => {
    const installation = await running.installation(pool);
    let turn = 0;
    return new ClientProcess(pool, () => installation.at((turn += 1) % 2));
  };
  const open = stack.move();
  const beatUntilTheEnd = (client: ClientProcess) => open.defer(client.keepBeating());
  return {
    redis,
    running,
    pool,
    someClient,
    beatUntilTheEnd,
    holders: async () => {
      const clients = await Promise.all(Array.from({ length: SEATS }, () => someClient()));
      for (const client of clients) {
        await client.acquireWithin(PATIENCE_MS);
        beatUntilTheEnd(client);
      }
      return clients;
    },
    emptyRedis: () => empty(redis),
    recoveries: () => running.log.filter(({ message }) => message === "pool set up").length,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function empty(redis: RedisServer): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

function held(client: ClientProcess): Held {
  return client.held[0]!;
}

/** Whether a client relied on its seat all the time and does so still. */
function stillHeld(client: ClientProcess): boolean {
  return client.relying().length === 1 && held(client).until === undefined;
}

async function expectKept(clients: readonly ClientProcess[]): Promise<void> {
  // Longer than any lease from before can last: what holds now was renewed since.
  const renewedSince = performance.now() + VALIDITY_MS + GRACE_MS;
  await vi.waitFor(
    () => {
      for (const client of clients) expect(stillHeld(client)).toBe(true);
      expect(Math.min(...clients.map((client) => held(client).deadline))).toBeGreaterThan(
        renewedSince,
      );
    },
    { timeout: PATIENCE_MS, interval: 50 },
  );
}

/** Once the recovery is over, whoever asks is told that every seat is taken, and never gets one. */
async function expectFull(intruder: ClientProcess): Promise<void> {
  await vi.waitFor(async () => expect(await intruder.acquire()).toBe("NO_SEATS"), {
    timeout: PATIENCE_MS,
  });
}

describe.concurrent("a recovery", { timeout: 90_000 }, () => {
  test("holders keep their seats when Redis is emptied, and nobody else gets one meanwhile", async () => {
    await using stage = await scene();
    const { someClient, holders, emptyRedis } = stage;
    const clients = await holders();
    const intruder = await someClient();
    await emptyRedis();
    expect(await intruder.acquire()).toBe("RECOVERING");
    await expectKept(clients);
    await expectFull(intruder);
    expect(mostHeldAtOnce([...clients, intruder])).toBe(SEATS);
  });

  test("a borrowed seat stays its holder's when Redis is emptied, beside those who work", async () => {
    await using stage = await scene();
    const { running, pool, someClient, beatUntilTheEnd, emptyRedis } = stage;
    const traveller = await running.installation(pool);
    const { id, token } = await ClientProcess.of(pool, traveller).acquireWithin(PATIENCE_MS);
    const duration = { seconds: 86_400n, nanos: 0 };
    await traveller.broker.borrowSeat({ leaseId: id.bytes, token, duration });
    const works = await someClient();
    for (let i = 1; i < SEATS; i += 1) await works.acquireWithin(PATIENCE_MS);
    beatUntilTheEnd(works);
    const intruder = await someClient();
    await emptyRedis();
    expect(await intruder.acquire()).toBe("RECOVERING");
    await expectFull(intruder);
    expect(works.relying()).toHaveLength(SEATS - 1);
    await traveller.at(1).releaseSeat({ leaseId: id.bytes });
    expect(await intruder.acquireWithin(PATIENCE_MS)).toBeDefined();
    expect(mostHeldAtOnce([works, intruder])).toBe(SEATS);
  });

  test("fences rise across the loss of everything in Redis", async () => {
    await using stage = await scene();
    const { someClient, emptyRedis } = stage;
    const client = await someClient();
    const before = await client.acquireWithin(PATIENCE_MS);
    await client.release(before);
    await emptyRedis();
    const after = await client.acquireWithin(PATIENCE_MS);
    expect(after.fence >> 32n).toBeGreaterThan(before.fence >> 32n);
    expect(mostHeldAtOnce([client])).toBe(1);
  });

  test.each(["kept", "lost"] as const)(
    "holders keep their seats when Redis is killed and comes back with its data %s",
    async (data) => {
      await using stage = await scene();
      const { redis, running, someClient, holders } = stage;
      const clients = await holders();
      const intruder = await someClient();
      await redis.restart({ data });
      await expectKept(clients);
      await expectFull(intruder);
      expect(mostHeldAtOnce([...clients, intruder])).toBe(SEATS);
      // A store that is away is no defect.
      expect(running.log.map(({ message }) => message)).not.toContain("renewals failed");
    },
  );

  test("two losses within one recovery cost no holder its seat", async () => {
    await using stage = await scene();
    const { redis, holders, emptyRedis, recoveries } = stage;
    const clients = await holders();
    await emptyRedis();
    await vi.waitFor(() => expect(recoveries()).toBeGreaterThan(1), { timeout: 10_000 });
    await redis.restart({ data: "lost" });
    await expectKept(clients);
    expect(mostHeldAtOnce(clients)).toBe(SEATS);
  });

  test("the seat of a client that died before a loss is granted again after it", async () => {
    await using stage = await scene();
    const { someClient, holders, emptyRedis } = stage;
    const clients = await holders();
    const silent = await someClient();
    const [crashed] = clients;
    await crashed!.release(held(crashed!));
    const last = await silent.acquireWithin(PATIENCE_MS);
    await emptyRedis();
    const successor = await someClient();
    await successor.acquireWithin(PATIENCE_MS);
    expect(performance.now()).toBeGreaterThan(last.deadline);
    expect(mostHeldAtOnce([...clients, silent, successor])).toBe(SEATS);
  });

  test("a late heartbeat revives nothing, with or without a loss of data in between", async () => {
    await using stage = await scene();
    const { someClient, beatUntilTheEnd, emptyRedis } = stage;
    const client = await someClient();
    const paused = await client.acquireWithin(PATIENCE_MS);
    const other = await someClient();
    const others: Held[] = [];
    for (let i = 1; i < SEATS; i += 1) others.push(await other.acquireWithin(PATIENCE_MS));
    beatUntilTheEnd(other);
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(paused.deadline), {
      timeout: PATIENCE_MS,
    });
    const successor = await someClient();
    await successor.acquireWithin(PATIENCE_MS);
    beatUntilTheEnd(successor);
    expect(await client.beat([paused])).toEqual(["EXPIRED"]);
    await emptyRedis();
    await vi.waitFor(async () => expect(await client.beat([paused])).toEqual(["EXPIRED"]), {
      timeout: PATIENCE_MS,
    });
    expect(mostHeldAtOnce([client, other, successor])).toBe(SEATS);
  });

  test("a broker that is stopped and started takes no seat from anybody", async () => {
    await using stage = await scene();
    const { running, someClient, holders, recoveries } = stage;
    const clients = await holders();
    await running.restart(0);
    await running.restart(1);
    await expectKept(clients);
    const intruder = await someClient();
    expect(await intruder.acquire()).toBe("NO_SEATS");
    expect(recoveries()).toBe(1);
  });

  test("a Redis that stands still for a while answers nobody late, and goes on after it", async () => {
    await using stage = await scene();
    const { redis, someClient, holders } = stage;
    const clients = await holders();
    redis.pause();
    const intruder = await someClient();
    expect(await intruder.acquire()).toBe("DEPENDENCY_UNAVAILABLE");
    redis.resume();
    await expectKept(clients);
    await expectFull(intruder);
    expect(mostHeldAtOnce([...clients, intruder])).toBe(SEATS);
  });
});
