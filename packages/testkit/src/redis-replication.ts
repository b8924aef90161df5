import { askRedis, type RedisNode } from "./redis-node.ts";
import { until } from "./until.ts";

const SYNC_LIMIT_MS = 20_000;

/** What a node of a replicated set is told: it takes writes only while a replica is at most 2 s behind. */
export function replicatedSettings(password: string): readonly string[] {
  return [
    `masterauth ${password}`,
    "maxmemory-policy noeviction",
    'save ""',
    "min-replicas-to-write 1",
    "min-replicas-max-lag 2",
    "repl-ping-replica-period 1",
    "repl-diskless-sync-delay 0",
    "repl-timeout 5",
  ];
}

/** Waits until these primaries may take writes: each hears from as many replicas as it ought to have. */
export async function untilReplicated(
  primaries: readonly RedisNode[],
  replicasEach: number,
): Promise<void> {
  await until("replicas follow", SYNC_LIMIT_MS, async () => {
    const goods = await Promise.all(primaries.map(goodReplicas));
    return goods.every((good) => good >= replicasEach) ? true : undefined;
  });
}

async function goodReplicas({ url }: RedisNode): Promise<number> {
  const info = await askRedis(url, (redis) => redis.info("replication"));
  return Number(/^min_slaves_good_slaves:(\d+)/m.exec(info)?.[1] ?? 0);
}
