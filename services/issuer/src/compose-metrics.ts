import {
  certificateMetrics,
  Metrics,
  sessionMetrics,
  storeMetrics,
  type Transport,
} from "@leasehold/service-kit";
import { one, pingPostgres, type Postgres } from "@leasehold/store-kit";
import { countInto, declareMetrics } from "./metrics.ts";
import { readFeedHead } from "./store/license-statements.ts";

/** Where everything is counted. @param metrics absent where nobody reads them */
export function openMetrics(metrics = new Metrics()) {
  const declared = declareMetrics(metrics);
  return { metrics, declared, stores: storeMetrics(metrics), count: countInto(declared) };
}

/** Looks at the database, certificates and the feed from now on, each time that metrics are read. */
export function keepMetrics(
  { metrics, declared, stores }: ReturnType<typeof openMetrics>,
  { postgres, transport }: { readonly postgres: Postgres; readonly transport: Transport },
  stack: AsyncDisposableStack,
): void {
  // First: what is looked at afterwards waits for sessions itself.
  stack.use(sessionMetrics(metrics, { all: () => postgres.standing() }));
  stack.use(stores.watch({ name: "postgres", check: () => pingPostgres(postgres) }));
  stack.use(certificateMetrics(metrics, transport));
  stack.use(
    metrics.look(async () => {
      const { licenses } = declared.position;
      licenses.clear();
      const { head } = await one(postgres, readFeedHead, []);
      licenses.set(Number(head));
    }),
  );
}
