import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";

/** A logical database of a Redis that nobody else uses; emptied on disposal. */
export interface LogicalDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Seconds after which the claim of a run that was killed lapses. */
const CLAIM_SECONDS = 3_600;

/**
 * Claims an empty logical database, never number 0, which holds the claims of all runs and is
 * otherwise left alone: the Redis may be one that others use too.
 */
export async function claimLogicalDatabase(url: string): Promise<LogicalDatabase> {
  const owner = randomBytes(8).toString("hex");
  const number = await withRedis(url, 0, async (redis) => {
    const [, count = "16"] = (await redis.config("GET", "databases")) as readonly string[];
    for (let candidate = 1; candidate < Number(count); candidate += 1) {
      const claimed = await redis.set(claimKey(candidate), owner, "EX", CLAIM_SECONDS, "NX");
      if (claimed === null) continue;
      if (await isEmpty(url, candidate)) return candidate;
      await redis.del(claimKey(candidate));
    }
    throw new Error(
      `all ${count} logical databases of the Redis are in use: raise its "databases" setting`,
    );
  });
  return {
    url: withDatabase(url, number),
    [Symbol.asyncDispose]: async () => {
      await withRedis(url, number, (redis) => redis.flushdb());
      await withRedis(url, 0, (redis) => redis.del(claimKey(number)));
    },
  };
}

/** Its name and version, for example `Redis 7.0.15`. */
export async function redisVersionAt(url: string): Promise<string> {
  const info = await withRedis(url, 0, (redis) => redis.info("server"));
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  return valkey === undefined
    ? `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}`
    : `Valkey ${valkey}`;
}

function claimKey(number: number): string {
  return `leasehold-test:database:${number}`;
}

function isEmpty(url: string, number: number): Promise<boolean> {
  return withRedis(url, number, async (redis) => (await redis.dbsize()) === 0);
}

function withDatabase(url: string, number: number): string {
  const own = new URL(url);
  own.pathname = `/${number}`;
  return own.href;
}

async function withRedis<T>(
  url: string,
  number: number,
  use: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis(withDatabase(url, number), {
    lazyConnect: true,
    retryStrategy: () => null,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
