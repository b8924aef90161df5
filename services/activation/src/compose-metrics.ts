import {
  certificateMetrics,
  Metrics,
  sessionMetrics,
  storeMetrics,
  type Transport,
} from "@leasehold/service-kit";
import { one, pingPostgres, type Postgres } from "@leasehold/store-kit";
import { declareMetrics } from "./metrics.ts";
import { readFeedPositions } from "./store/statements.ts";

/** Where everything is counted. @param metrics absent where nobody reads them */
export function openMetrics(metrics = new Metrics()) {
  return { metrics, declared: declareMetrics(metrics), stores: storeMetrics(metrics) };
}

/** Looks at the database, certificates and feeds from now on, each time that metrics are read. */
export function keepMetrics(
  { metrics, declared, stores }: ReturnType<typeof openMetrics>,
  { postgres, transport }: { readonly postgres: Postgres; readonly transport: Transport },
  stack: AsyncDisposableStack,
): void {
  // First: what is looked at afterwards waits for sessions itself.
  stack.use(sessionMetrics(metrics, { all: () => postgres.standing() }));
  stack.use(stores.watch({ name: "postgres", check: () => pingPostgres(postgres) }));
  stack.use(certificateMetrics(metrics, transport));
  const { position, followed } = declared;
  stack.use(
    metrics.look(async () => {
      position.entitlements.clear();
      followed.licenses.clear();
      const { head, issuer_cursor: cursor } = await one(postgres, readFeedPositions, []);
      position.entitlements.set(Number(head));
      followed.licenses.set(Number(cursor));
    }),
  );
}
