import { Redis } from "ioredis";
import { test } from "vitest";
import { type RedisNode, startRedisCluster, startRedisSentinel } from "../src/index.ts";

const FAILOVER = { timeout: 25_000, interval: 100 };

async function roleOf({ url }: RedisNode): Promise<string | undefined> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return /^role:(\w+)/m.exec(await redis.info("replication"))?.[1];
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}

test.concurrent(
  "a replica takes over from a killed primary, which comes back as a replica",
  { timeout: 90_000 },
  async ({ expect }) => {
    await using set = await startRedisSentinel();
    const first = await set.primary();
    await first.kill();
    const agreed = () => set.primary().then(({ port }) => port);
    await expect.poll(() => agreed().catch(() => first.port), FAILOVER).not.toBe(first.port);
    await first.restart();
    await expect.poll(() => roleOf(first), FAILOVER).toBe("slave");
  },
);

test.concurrent(
  "in a cluster a replica takes over from a killed node, which comes back as a replica",
  { timeout: 90_000 },
  async ({ expect }) => {
    await using set = await startRedisCluster();
    const first = await set.primaryOf("seat");
    const others = new Set(
      (await Promise.all(["a", "b", "c", "d", "e"].map((key) => set.primaryOf(key)))).map(
        ({ port }) => port,
      ),
    );
    expect(others.size).toBe(3);
    await first.kill();
    const owner = () => set.primaryOf("seat").then(({ port }) => port);
    await expect.poll(() => owner().catch(() => first.port), FAILOVER).not.toBe(first.port);
    await first.restart();
    await expect.poll(() => roleOf(first), FAILOVER).toBe("slave");
  },
);
