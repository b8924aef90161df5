import { type Cluster, Redis } from "ioredis";
import { isReply } from "./redis-errors.ts";
import { redisUnavailable } from "./store-problems.ts";

/** How to reach Redis. */
export interface RedisOptions {
  /** `redis://host:port`, with credentials and database where needed. */
  readonly url: string;
  /** After how many milliseconds without a reply a command counts as lost. */
  readonly commandTimeoutMs: number;
  /** Told of each failure of the connection, which is opened again by itself. */
  readonly onConnectionLost?: ((error: Error) => void) | undefined;
}

/** A connection to Redis that never sends a command twice. */
export interface RedisConnection extends AsyncDisposable {
  readonly client: Redis | Cluster;
}

/**
 * Connects, and makes sure that this Redis keeps what it is given and runs scripts that
 * read INFO.
 * @throws Problem DEPENDENCY_UNAVAILABLE; Error if Redis is set up otherwise
 */
export async function openRedis(options: RedisOptions): Promise<RedisConnection> {
  const client = new Redis(options.url, {
    lazyConnect: true,
    commandTimeout: options.commandTimeoutMs,
    connectTimeout: 3_000,
    // A reply may be lost after its command ran: sending again would run it twice. And a
    // command that waits for a connection is decided upon too late.
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Short: an outage that holders do not notice is counted in seconds.
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
  });
  client.on("error", (error: Error) => options.onConnectionLost?.(error));
  try {
    await client.connect();
    await probe(client);
  } catch (error) {
    client.disconnect();
    throw isReply(error) || error instanceof UnfitRedis ? error : redisUnavailable(error);
  }
  return { client, [Symbol.asyncDispose]: () => close(client) };
}

/**
 * Asks Redis for a sign of life.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export async function pingRedis(redis: RedisConnection): Promise<void> {
  await redis.client.ping().catch((error: unknown) => {
    throw redisUnavailable(error);
  });
}

class UnfitRedis extends Error {
  override readonly name = "UnfitRedis";
}

async function probe(client: Redis): Promise<void> {
  const memory = await client.info("memory");
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== "noeviction")
    throw new UnfitRedis(
      `Redis must be set to maxmemory-policy noeviction, not ${policy}: an evicted key is a lost lease`,
    );
  const server = await client.eval("return redis.call('INFO', 'server')", 0).catch((error) => {
    if (!isReply(error)) throw error;
    throw new UnfitRedis(`Redis must allow scripts to call INFO: ${error.message}`);
  });
  if (typeof server !== "string" || !server.includes("run_id:"))
    throw new UnfitRedis("Redis must tell its run_id in INFO");
}

async function close(client: Redis): Promise<void> {
  if (client.status === "end") return;
  // Between two attempts to connect there is no socket whose end could be told.
  const waits = client.status === "reconnecting";
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  client.disconnect();
  if (!waits) await ended;
}
