import { systemClock } from "@leasehold/kernel";
import {
  migrate,
  openPostgres,
  openRedis,
  type Postgres,
  type RedisConnection,
} from "@leasehold/store-kit";
import { testPostgres, testRedis } from "@leasehold/testkit";
import { postgresPools } from "../src/store/postgres-pools.ts";
import { redisSeatStore } from "../src/store/redis-seat-store.ts";
import { type RecoverPool, recoverPool } from "../src/use-cases/recover-pool.ts";
import type { BrokerEvents, PoolStore, SeatStore } from "../src/use-cases/ports.ts";

/** Both stores of a broker, empty and set up, without a server in front. */
export interface OpenStores extends AsyncDisposable {
  readonly postgres: Postgres;
  readonly redis: RedisConnection;
  readonly pools: PoolStore;
  readonly seats: SeatStore;
  readonly recover: RecoverPool;
}

export const silentEvents: BrokerEvents = {
  poolRecovered: () => undefined,
  recoveryFailed: () => undefined,
  renewalsFailed: () => undefined,
  streamFailed: () => undefined,
  entitlementApplied: () => undefined,
  trustBundleAccepted: () => undefined,
  trustBundleRefused: () => undefined,
  feedInterrupted: () => undefined,
};

export async function openStores(options: { readonly fenceMs: number }): Promise<OpenStores> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testPostgres());
  const cache = stack.use(await testRedis());
  const postgres = stack.use(
    openPostgres({
      url: database.url,
      poolSize: 4,
      statementTimeoutMs: 5_000,
      applicationName: "seat-broker-test",
    }),
  );
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const redis = stack.use(await openRedis({ url: cache.url, commandTimeoutMs: 5_000 }));
  const pools = postgresPools(postgres);
  const seats = redisSeatStore({ redis, clock: systemClock, fenceMs: options.fenceMs });
  const recover = recoverPool({ seats, pools, events: silentEvents });
  const open = stack.move();
  return {
    postgres,
    redis,
    pools,
    seats,
    recover,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
