import { type RedisNode, startRedisCluster, startRedisSentinel } from "@leasehold/testkit";
import { test } from "vitest";
import {
  evaluate,
  evaluateMany,
  openRedis,
  pingRedis,
  type RedisConnection,
  scriptOf,
} from "../src/index.ts";

const COUNT = scriptOf("count", "return redis.call('INCR', KEYS[1])");
const COMMAND_TIMEOUT_MS = 500;
const UNAVAILABLE = { reason: "DEPENDENCY_UNAVAILABLE" };
/** Detection, election and the new connection take about 3 s; a busy machine takes longer. */
const FAILOVER = { timeout: 20_000, interval: 50 };

/** Two replicas: the promoted one takes writes only while another follows it. */
const SETS = [
  {
    kind: "sentinels",
    start: async () => {
      const set = await startRedisSentinel({ replicas: 2 });
      return { ...set, primaryOf: () => set.primary() };
    },
  },
  { kind: "a cluster", start: () => startRedisCluster({ replicas: 2 }) },
];

const FAULTS = [
  { fault: "is killed", strike: (node: RedisNode) => node.kill() },
  { fault: "hangs", strike: async (node: RedisNode) => node.pause() },
];

async function outcomeOf(redis: RedisConnection, key: string): Promise<unknown> {
  return evaluate(redis, COUNT, [key], []).catch((error: unknown) => error);
}

test.concurrent.for(SETS.flatMap((set) => FAULTS.map((fault) => ({ ...set, ...fault }))))(
  "with $kind, calls fail while the primary $fault, and then reach the promoted one",
  async ({ start, strike }, { expect }) => {
    await using set = await start();
    const connected: string[] = [];
    await using redis = await openRedis({
      url: set.url,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      onConnected: (node) => connected.push(node),
    });
    const key = "{seat}:count";
    await evaluate(redis, COUNT, [key], []);
    const before = redis.nodeOf(key);
    const primary = await set.primaryOf(key);
    connected.length = 0;
    await strike(primary);
    expect(await outcomeOf(redis, key)).toMatchObject(UNAVAILABLE);
    await expect
      .poll(async () => {
        const outcome = await outcomeOf(redis, key);
        if (typeof outcome !== "number") expect(outcome).toMatchObject(UNAVAILABLE);
        return typeof outcome;
      }, FAILOVER)
      .toBe("number");
    const after = redis.nodeOf(key);
    expect(after).not.toBe(before);
    expect(connected).toContain(after);
    expect((await set.primaryOf(key)).port).toBe(Number(after.split(":")[1]));
  },
);

test.concurrent("a cluster serves the keys of other nodes while one is away", async ({
  expect,
}) => {
  await using set = await startRedisCluster();
  await using redis = await openRedis({ url: set.url, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const names = Array.from({ length: 60 }, (_, index) => `{${index}}`);
  const calls = names.map((name) => ({ keys: [name], args: [] }));
  const gone = redis.nodeOf("{0}");
  await (await set.primaryOf("{0}")).kill();
  const outcomes = await evaluateMany(redis, COUNT, calls);
  for (const [index, outcome] of outcomes.entries())
    expect(outcome).toMatchObject(
      redis.nodeOf(names[index]!) === gone
        ? { status: "rejected", reason: UNAVAILABLE }
        : { status: "fulfilled", value: 1 },
    );
  await pingRedis(redis);
});

test.concurrent("a primary that hears from no replica is unavailable for writes, and runs none", async ({
  expect,
}) => {
  await using set = await startRedisSentinel({ downAfterMs: 30_000 });
  await using redis = await openRedis({ url: set.url, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const primary = await set.primary();
  const replica = set.nodes.find((node) => node !== primary)!;
  replica.pause();
  let ran = 0;
  const call = async () => {
    const outcome = await outcomeOf(redis, "count");
    if (typeof outcome === "number") ran = outcome;
    return outcome;
  };
  await expect.poll(call, FAILOVER).toMatchObject({
    ...UNAVAILABLE,
    cause: { message: expect.stringMatching(/^NOREPLICAS/) as unknown },
  });
  replica.resume();
  await expect.poll(() => outcomeOf(redis, "count"), FAILOVER).toBe(ran + 1);
});

test.concurrent("a cluster that was away as a whole is found again", async ({ expect }) => {
  await using set = await startRedisCluster();
  const redis = await openRedis({ url: set.url, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  await Promise.all(set.nodes.map((node) => node.kill()));
  expect(await outcomeOf(redis, "{seat}")).toMatchObject(UNAVAILABLE);
  await expect(pingRedis(redis)).rejects.toMatchObject(UNAVAILABLE);
  await Promise.all(set.nodes.map((node) => node.restart()));
  await expect.poll(() => outcomeOf(redis, "{seat}"), FAILOVER).toBe(1);
  await Promise.all(set.nodes.map((node) => node.kill()));
  await redis[Symbol.asyncDispose](); // while nothing answers
});

test.concurrent("a primary that sentinels watch is found again after all of them were away", async ({
  expect,
}) => {
  await using set = await startRedisSentinel();
  const redis = await openRedis({ url: set.url, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const all = [...set.sentinels, ...set.nodes];
  await Promise.all(all.map((node) => node.kill()));
  expect(await outcomeOf(redis, "count")).toMatchObject(UNAVAILABLE);
  await Promise.all(all.map((node) => node.restart()));
  await expect.poll(() => outcomeOf(redis, "count"), FAILOVER).toBe(1);
  await Promise.all(all.map((node) => node.kill()));
  await redis[Symbol.asyncDispose](); // while nothing answers
});
