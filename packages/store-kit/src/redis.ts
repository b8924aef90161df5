import { clusterRoutes } from "./cluster-routes.ts";
import { onePrimary } from "./one-primary.ts";
import { isRedisUnavailable, isReply } from "./redis-errors.ts";
import { checkFitness, type ReplicationBounds, UnfitRedis } from "./redis-fitness.ts";
import { clientOf, sentinelClient } from "./redis-link.ts";
import type { RedisRoutes, RouteEvents } from "./redis-routes.ts";
import { redisTarget, type RedisTarget, withPasswords } from "./redis-target.ts";
import { redisUnavailable } from "./store-problems.ts";

/** How to reach Redis. */
export interface RedisOptions {
  /** Of one server, of sentinels or of a cluster: see `redisTarget`. */
  readonly url: string;
  /** Of the servers with data, if the URL has none. */
  readonly password?: string | undefined;
  /** Of the sentinels, if the URL has none. */
  readonly sentinelPassword?: string | undefined;
  /**
   * After how many milliseconds without a reply a command counts as lost, and until when one
   * that did not run because slots change owners is begun again.
   */
  readonly commandTimeoutMs: number;
  /** Told of each failure of a connection, which is opened again by itself. */
  readonly onConnectionLost?: ((error: Error) => void) | undefined;
  /**
   * Told of each connection to a node that owns keys, by its name: the first, one that was opened
   * again, one to a node that took over. The first ones are told of before `openRedis` returns.
   */
  readonly onConnected?: ((node: string) => void) | undefined;
}

/** Redis, be it one server, a primary that sentinels watch, or a cluster. No command is sent twice. */
export interface RedisConnection extends AsyncDisposable {
  /** The node that a key's commands go to now. Names mean nothing but whether two are the same. */
  nodeOf(key: string | Buffer): string;
  /** All nodes that own keys now. */
  nodes(): readonly string[];
  /** Of each primary at the time of opening, as far as it tells; none of a single server. */
  readonly replication: readonly ReplicationBounds[];
  /** For the functions of this package. */
  readonly routes: RedisRoutes;
  readonly commandTimeoutMs: number;
}

/**
 * Connects, and makes sure that every primary keeps what it is given and runs scripts that read
 * INFO, and that it takes no writes without a replica where one may take over.
 * @throws Problem DEPENDENCY_UNAVAILABLE; Error if the URL is wrong or Redis is set up otherwise
 */
export async function openRedis(options: RedisOptions): Promise<RedisConnection> {
  const { commandTimeoutMs } = options;
  const target = withPasswords(redisTarget(options.url), options);
  let routes: RedisRoutes | undefined;
  try {
    routes = await openRoutes(target, options);
    const bounds = await Promise.all(routes.links().map((link) => checkFitness(link, target.kind)));
    return connection(routes, {
      commandTimeoutMs,
      replication: bounds.filter((each) => each !== undefined),
    });
  } catch (error) {
    await routes?.[Symbol.asyncDispose]();
    if (error instanceof UnfitRedis) throw error;
    if (!isReply(error) || isRedisUnavailable(error)) throw redisUnavailable(error);
    throw new Error(`Redis refuses: ${error.message}`, { cause: error });
  }
}

function openRoutes(target: RedisTarget, options: RedisOptions): Promise<RedisRoutes> {
  const { commandTimeoutMs } = options;
  const events: RouteEvents = {
    onConnected: (node) => options.onConnected?.(node),
    onConnectionLost: (error) => options.onConnectionLost?.(error),
  };
  if (target.kind === "cluster") return clusterRoutes(target, commandTimeoutMs, events);
  const client =
    target.kind === "sentinel"
      ? sentinelClient(target, commandTimeoutMs)
      : clientOf(target, target.address, commandTimeoutMs);
  return onePrimary(client, events);
}

function connection(
  routes: RedisRoutes,
  facts: Pick<RedisConnection, "commandTimeoutMs" | "replication">,
): RedisConnection {
  return {
    ...facts,
    routes,
    nodeOf: (key) => routes.linkOf(key).name,
    nodes: () => routes.links().map(({ name }) => name),
    [Symbol.asyncDispose]: () => routes[Symbol.asyncDispose](),
  };
}

/**
 * Asks Redis for a sign of life: of a cluster, one of its primaries.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export async function pingRedis(redis: RedisConnection): Promise<void> {
  await Promise.any(redis.routes.links().map(({ client }) => client.ping())).catch(
    (error: unknown) => {
      throw redisUnavailable(error);
    },
  );
}
