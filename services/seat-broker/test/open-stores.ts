import { pause } from "@leasehold/service-kit";
import { systemClock } from "@leasehold/kernel";
import {
  migrate,
  openPostgres,
  openRedis,
  type Postgres,
  type RedisConnection,
} from "@leasehold/store-kit";
import { Redis } from "ioredis";
import { testPostgres, testRedis } from "@leasehold/testkit";
import { postgresBorrows } from "../src/store/postgres-borrows.ts";
import { postgresPools } from "../src/store/postgres-pools.ts";
import { redisLedger } from "../src/store/redis-ledger.ts";
import { redisSeatStore } from "../src/store/redis-seat-store.ts";
import { type Way, wayTo } from "./cut-off.ts";
import { type PoolTerms, poolTerms } from "../src/use-cases/pool-terms.ts";
import {
  type RecoverPool,
  recoverPool,
  type RestorePool,
  restorePool,
} from "../src/use-cases/recover-pool.ts";
import type { BorrowStore, LendingSeatStore } from "../src/use-cases/borrow-ports.ts";
import type { BrokerEvents } from "../src/use-cases/ports.ts";
import type { PoolStore } from "../src/use-cases/pool-ports.ts";
import type { DenialRecorder } from "../src/use-cases/usage-ports.ts";

/** Both stores of a broker, empty and set up, without a server in front. */
export interface OpenStores extends AsyncDisposable {
  readonly postgres: Postgres;
  readonly redis: RedisConnection;
  /** The way to Redis. */
  readonly way: Way;
  /** To look behind the scripts; goes another way. */
  readonly client: Redis;
  readonly pools: PoolStore;
  readonly borrows: BorrowStore;
  readonly seats: LendingSeatStore;
  readonly recover: RecoverPool;
  readonly restore: RestorePool;
  readonly terms: PoolTerms;
  readonly denials: DenialRecorder;
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
  seatRevoked: () => undefined,
  drainChanged: () => undefined,
  actsInterrupted: () => undefined,
  revocationsNotPruned: () => undefined,
  borrowsNotKept: () => undefined,
  unnamedNotTakenBack: () => undefined,
};

export interface StoreOptions {
  readonly fenceMs: number;
  /** 5,000 if absent. */
  readonly commandTimeoutMs?: number;
}

export async function openStores(options: StoreOptions): Promise<OpenStores> {
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
  const way = stack.use(await wayTo(cache.url));
  const { fenceMs, commandTimeoutMs = 5_000 } = options;
  const redis = stack.use(await openRedis({ url: way.url, commandTimeoutMs }));
  const client = new Redis(cache.url);
  stack.defer(() => client.disconnect());
  const pools = postgresPools(postgres);
  const seats = redisSeatStore({ redis, clock: systemClock, fenceMs, apart: setImmediate });
  const restore = restorePool({ seats, pools });
  const recover = recoverPool({ seats, pools, restore, events: silentEvents, pause });
  const terms = poolTerms({ seats, pools });
  const open = stack.move();
  return {
    postgres,
    redis,
    way,
    client,
    pools,
    borrows: postgresBorrows(postgres),
    seats,
    recover,
    restore,
    terms,
    denials: redisLedger(redis),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
