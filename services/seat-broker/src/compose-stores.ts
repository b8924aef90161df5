import type { Clock } from "@leasehold/kernel";
import { blaming } from "@leasehold/service-kit";
import { openPostgres, openRedis, type Postgres, type RedisConnection } from "@leasehold/store-kit";
import type { SeatBrokerConfig } from "./config.ts";
import type { Events } from "./events.ts";
import { apartFromHere } from "./store/apart.ts";
import { redisSeatStore } from "./store/redis-seat-store.ts";
import type { SeatStore } from "./use-cases/ports.ts";
import type { PoolStore } from "./use-cases/pool-ports.ts";

/** Both under the 2 s that the contract gives a call, so that the caller learns why. */
const STATEMENT_TIMEOUT_MS = 1_500;
const COMMAND_TIMEOUT_MS = 1_500;
const FENCE_MARGIN_MS = 2_000;
/** What decides whether Redis can be worked on. */
const REDIS_SETTINGS = ["redisUrl", "redisPassword", "redisSentinelPassword"];

export function openDatabase(
  config: SeatBrokerConfig,
  report?: Events,
  limits = { poolSize: config.databasePool, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
): Postgres {
  return openPostgres({
    url: config.databaseUrl,
    passwords: config.databasePassword,
    ...limits,
    applicationName: "seat-broker",
    onConnectionLost: report?.databaseSessionLost,
  });
}

/** The seats in Redis. Each Redis is noted when it is met. */
export async function openSeats(
  config: SeatBrokerConfig,
  clock: Clock,
  parts: {
    readonly pools: PoolStore;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
  },
) {
  const { pools, report, stack } = parts;
  let sight = (): Promise<void> => Promise.resolve();
  const redis = stack.use(
    await blaming(REDIS_SETTINGS, () =>
      openRedis({
        url: config.redisUrl,
        password: config.redisPassword,
        sentinelPassword: config.redisSentinelPassword,
        commandTimeoutMs: COMMAND_TIMEOUT_MS,
        onConnectionLost: report.redisConnectionLost,
        onConnected: () => void sight(),
      }),
    ),
  );
  await blaming(["fence"], () => refuseLongLag(redis, config.fence));
  const seats = redisSeatStore({ redis, clock, fenceMs: config.fence, apart: apartFromHere() });
  sight = () => sightIncarnations(seats, pools).catch(report.incarnationNotKept);
  await sight();
  return { seats, redis };
}

/** A primary that was cut off must have stopped by itself before the fence is over. */
function refuseLongLag({ replication }: RedisConnection, fenceMs: number): void {
  for (const { node, maxLagSeconds } of replication)
    if (maxLagSeconds * 1_000 > fenceMs - FENCE_MARGIN_MS)
      throw new Error(
        `min-replicas-max-lag of ${node} is ${maxLagSeconds} s; SEAT_BROKER_FENCE must be 2 s more`,
      );
}

/**
 * Keeps when each Redis was first seen. Each new connection may be to another one; the
 * sooner that is known, the sooner licenses that nobody used meanwhile are free again.
 */
async function sightIncarnations(seats: SeatStore, pools: PoolStore): Promise<void> {
  for (const incarnation of await seats.readClocks()) await pools.sight(incarnation);
}
