import type { Counter } from "./counter.ts";
import type { Metrics } from "./metrics.ts";

/** A store that is looked at for the metrics. */
export interface WatchedStore {
  readonly name: "postgres" | "redis";
  /** Resolves if the store answers, rejects if it does not. */
  check(): Promise<unknown>;
}

/** Tells how stores do: how long they take to say that they are there, and how often they were lost. */
export interface StoreMetrics {
  /** Connections that were lost. */
  readonly lost: Readonly<Record<WatchedStore["name"], Counter>>;
  /** Asks a store from now on, each time that metrics are read. */
  watch(store: WatchedStore): Disposable;
}

export function storeMetrics(metrics: Metrics): StoreMetrics {
  const up = metrics.gaugeFamily({
    name: "leasehold_store_up",
    help: "Whether a store answered when it was asked for this: 1 or 0",
  });
  const roundTrip = metrics.gaugeFamily({
    name: "leasehold_store_round_trip_seconds",
    help: "How long it took to",
  });
  const lost = metrics.counters(
    {
      name: "leasehold_store_connections_lost_total",
      help: "Connections to a store that failed, or were not to be had",
    },
    "store",
    ["postgres", "redis"],
  );
  return {
    lost,
    watch: (watched) =>
      metrics.look(async () => {
        const { name: store } = watched;
        const askedAt = performance.now();
        try {
          await watched.check();
          up.with({ store }).set(1);
          roundTrip.with({ store }).set((performance.now() - askedAt) / 1_000);
        } catch {
          up.with({ store }).set(0);
          roundTrip.with({ store }).clear();
        }
      }),
  };
}
