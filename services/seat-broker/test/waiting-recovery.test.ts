import { type RedisServer, startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { expect, test, vi } from "vitest";
import { ClientProcess, mostHeldAtOnce } from "./client-process.ts";
import { type OpenedWait, openWait } from "./open-wait.ts";
import { runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

// A Redis of each test's own, which may be killed and emptied. Short clocks, as a recovery
// takes as long as a lease may live: 4 s.

const PATIENCE = { timeout: 15_000, interval: 20 };

async function scene(validityMs = 3_000) {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis({ appendonly: true }));
  const running = stack.use(await runningBrokers({ brokers: 2, redisUrl: redis.url }));
  const pool = somePool({ seats: 1, validityMs, graceMs: 1_000 });
  await running.issue(pool);
  const ada = await running.installation(pool);
  const holder = new ClientProcess(pool, ada.broker);
  await holder.acquireWithin(PATIENCE.timeout);
  stack.defer(holder.keepBeating());
  const open = stack.move();
  return {
    redis,
    pool,
    ada,
    holder,
    wait: async (broker: number, id = someLease(pool.license), ticket?: Buffer) => {
      const wait = open.use(openWait(ada.at(broker), id.bytes, ticket));
      await vi.waitFor(() => expect(wait.ahead.length).toBeGreaterThan(0), PATIENCE);
      return { ...wait, id };
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function empty(redis: RedisServer): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

function lastOf({ ahead }: OpenedWait): number | undefined {
  return ahead.at(-1);
}

test("when Redis is emptied those who wait keep their order, whoever comes afterwards is behind them, and nobody gets a seat too many", async () => {
  await using stage = await scene();
  const { ada, pool, holder } = stage;
  const first = await stage.wait(0);
  const gone = await stage.wait(1);
  const third = await stage.wait(1);
  await gone.leave();
  await empty(stage.redis);
  const late = await stage.wait(0);
  const back = await stage.wait(0, gone.id, gone.ticket());
  await vi.waitFor(
    () => expect([first, back, third, late].map(lastOf)).toEqual([0, 1, 2, 3]),
    PATIENCE,
  );
  const clients = [holder];
  await holder.release(holder.held[0]!);
  for (const waiter of [first, back, third, late]) {
    expect(await waiter.ended).toBe("offer");
    const client = new ClientProcess(pool, ada.broker);
    clients.push(client);
    const held = await client.acquire(waiter.id);
    if (typeof held === "string") throw new Error(held);
    await client.release(held);
  }
  expect(mostHeldAtOnce(clients)).toBe(1);
}, 60_000);

test("while a pool recovers nobody who waits is offered a seat that may be somebody's", async () => {
  await using stage = await scene();
  const waiter = await stage.wait(0);
  await empty(stage.redis);
  await expect
    .poll(() => stage.holder.relying()[0]?.deadline, PATIENCE)
    .toBeGreaterThan(performance.now() + 4_000);
  expect(waiter.offered()).toBe(false);
  expect(stage.holder.held[0]!.until).toBeUndefined();
}, 60_000);

test("who is gone and waited by a time of the pool that is lost keeps nobody waiting", async () => {
  await using stage = await scene();
  const { ada, pool, holder } = stage;
  const first = await stage.wait(0);
  const client = new Redis(stage.redis.url);
  const keyOf = async (letter: string) => (await client.keys(`*:${letter}`))[0] ?? "";
  // By the time that the pool had it will be gone in an hour.
  await client.zadd(await keyOf("q"), 1, "gone");
  await client.zadd(await keyOf("qt"), Date.now() + 3_600_000, "gone");
  expect(await client.del(await keyOf("m"))).toBe(1);
  client.disconnect();
  // The pool is set up anew meanwhile.
  await vi.waitFor(() => holder.release(holder.held[0]!), PATIENCE);
  expect(await first.ended).toBe("offer");
  const held = await new ClientProcess(pool, ada.broker).acquire(first.id);
  expect(typeof held).not.toBe("string");
}, 60_000);

test.each(["q", "qt"])(
  "the loss of key %s alone costs nobody the place",
  async (key) => {
    await using stage = await scene();
    const [first, second] = [await stage.wait(0), await stage.wait(1)];
    const client = new Redis(stage.redis.url);
    const [found = ""] = await client.keys(`*:${key}`);
    expect(await client.del(found)).toBe(1);
    client.disconnect();
    const third = await stage.wait(0);
    await vi.waitFor(() => expect([first, second, third].map(lastOf)).toEqual([0, 1, 2]), PATIENCE);
  },
  60_000,
);

test("while Redis answers nobody those who wait are told, and come back to their places", async () => {
  await using stage = await scene(30_000);
  const [first, second] = [await stage.wait(0), await stage.wait(1)];
  stage.redis.pause();
  expect(await second.ended).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  expect(await first.ended).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  stage.redis.resume();
  const other = new ClientProcess(stage.pool, stage.ada.broker);
  await vi.waitFor(async () => expect(await other.acquire()).toBe("NO_SEATS"), PATIENCE);
  const again = await stage.wait(0, second.id, second.ticket());
  await stage.wait(0, first.id, first.ticket());
  await vi.waitFor(() => expect(lastOf(again)).toBe(1), PATIENCE);
}, 60_000);
