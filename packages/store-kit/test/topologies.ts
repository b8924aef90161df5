import {
  type RedisNode,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from "@leasehold/testkit";
import { Redis } from "ioredis";

/** Redis set up in one of the ways it may be, and how to look past the connection under test. */
export interface Topology extends AsyncDisposable {
  readonly url: string;
  /** The URL of the server alone that owns a key. */
  ownerOf(key: string): Promise<string>;
  readonly nodes: readonly Pick<RedisNode, "url">[];
}

/** Each way, and how many nodes own keys in it. */
export const TOPOLOGIES = [
  { kind: "one server", primaries: 1, start: single },
  { kind: "sentinels", primaries: 1, start: sentinel },
  { kind: "a cluster", primaries: 3, start: cluster },
] as const satisfies readonly {
  readonly kind: string;
  readonly primaries: number;
  readonly start: () => Promise<Topology>;
}[];

async function single(): Promise<Topology> {
  const server = await startRedis();
  return { ...server, nodes: [server], ownerOf: () => Promise.resolve(server.url) };
}

async function sentinel(): Promise<Topology> {
  const set = await startRedisSentinel();
  return { ...set, ownerOf: async () => (await set.primary()).url };
}

async function cluster(): Promise<Topology> {
  const set = await startRedisCluster();
  return { ...set, ownerOf: async (key) => (await set.primaryOf(key)).url };
}

/** Asks one server, past the connection under test. */
export async function asking<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
