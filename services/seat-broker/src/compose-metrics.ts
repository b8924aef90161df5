import {
  certificateMetrics,
  Metrics,
  sessionMetrics,
  storeMetrics,
  type Transport,
} from "@leasehold/service-kit";
import { pingPostgres, pingRedis, type Postgres, type RedisConnection } from "@leasehold/store-kit";
import { brokerCounts, lookAtBroker, type LookPorts } from "./count.ts";
import { declareMetrics } from "./metrics.ts";
import { redisSurvey } from "./store/redis-survey.ts";

/** Where everything is counted. @param metrics absent where nobody reads them */
export function openMetrics(metrics = new Metrics()) {
  const declared = declareMetrics(metrics);
  return { metrics, declared, stores: storeMetrics(metrics), counts: brokerCounts(declared) };
}

/** Looks at stores, certificates and pools from now on, each time that metrics are read. */
export function keepMetrics(
  { metrics, declared, stores }: ReturnType<typeof openMetrics>,
  parts: Omit<LookPorts, "pools"> & {
    readonly postgres: Postgres;
    readonly ledger: Postgres;
    readonly redis: RedisConnection;
    readonly transport: Transport;
  },
  stack: AsyncDisposableStack,
): void {
  const { postgres, ledger, redis, transport } = parts;
  // First: what is looked at afterwards waits for sessions itself.
  stack.use(
    sessionMetrics(metrics, { seats: () => postgres.standing(), ledger: () => ledger.standing() }),
  );
  stack.use(stores.watch({ name: "postgres", check: () => pingPostgres(postgres) }));
  stack.use(stores.watch({ name: "redis", check: () => pingRedis(redis) }));
  stack.use(certificateMetrics(metrics, transport));
  lookAtBroker(metrics, declared, { ...parts, pools: redisSurvey(redis) }, stack);
}
