import { isReply } from "./redis-errors.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RedisTarget } from "./redis-target.ts";

/** Redis is set up in a way that leases cannot rely on. */
export class UnfitRedis extends Error {
  override readonly name = "UnfitRedis";
}

/** What keeps a primary from acknowledging writes that a failover would lose. */
export interface ReplicationBounds {
  /** Host and port of the primary. */
  readonly node: string;
  /** How many replicas must follow for it to take writes: `min-replicas-to-write`. */
  readonly minReplicas: number;
  /** How far behind they may be, and so how long a cut-off primary goes on: `min-replicas-max-lag`. */
  readonly maxLagSeconds: number;
}

/**
 * Makes sure that a server keeps what it is given and runs scripts that read INFO; where another
 * one may take over, also that it stops by itself when it is cut off from its replicas.
 * @returns `undefined` where no other server takes over, or if Redis does not tell its settings
 * @throws UnfitRedis; Error of the connection
 */
export async function checkFitness(
  { client, name }: RedisLink,
  kind: RedisTarget["kind"],
): Promise<ReplicationBounds | undefined> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info("memory"))?.[1];
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
  const isCluster = /^(?:redis|server)_mode:cluster/m.test(server);
  if (isCluster !== (kind === "cluster"))
    throw new UnfitRedis(
      isCluster
        ? "this is a node of a Redis Cluster: its URL begins with redis+cluster"
        : "this is no node of a Redis Cluster",
    );
  return kind === "single" ? undefined : replicationBounds({ client, name });
}

async function replicationBounds({
  client,
  name,
}: Pick<RedisLink, "client" | "name">): Promise<ReplicationBounds | undefined> {
  const settings = await client.config("GET", "min-replicas-*").catch((error: unknown) => {
    if (isReply(error)) return undefined; // not for everyone, and nowhere in some hosted ones
    throw error;
  });
  if (settings === undefined) return undefined;
  const pairs = settings as readonly string[];
  const valueOf = (setting: string) => Number(pairs[pairs.indexOf(setting) + 1]);
  const minReplicas = valueOf("min-replicas-to-write");
  const maxLagSeconds = valueOf("min-replicas-max-lag");
  // Either at 0 puts both out of force.
  if (!(minReplicas >= 1 && maxLagSeconds >= 1))
    throw new UnfitRedis(
      `Redis at ${name} must be set to min-replicas-to-write of at least 1 and a min-replicas-max-lag: a primary that was replaced must stop by itself`,
    );
  return { node: name, minReplicas, maxLagSeconds };
}
