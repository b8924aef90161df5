import type { Metrics } from "./metrics.ts";

/** Counts the connections of the listeners. */
export interface ConnectionMetrics {
  /** @param cause one of those that the guard of connections knows */
  refused(listener: string, cause: string): void;
  /** @param open how many are open at each listener, when that is asked */
  watch(open: () => Readonly<Record<string, number>>): Disposable;
}

export function connectionMetrics(metrics: Metrics): ConnectionMetrics {
  const refusals = metrics.counterFamily({
    name: "leasehold_connections_refused_total",
    help: "Connections that were closed because they could carry no calls, or no more, by listener and cause",
  });
  const openOnes = metrics.gaugeFamily({
    name: "leasehold_connections_open",
    help: "Connections that are open, by listener",
  });
  return {
    refused: (listener, cause) => refusals.with({ listener, cause }).add(),
    watch: (open) =>
      metrics.look(() => {
        for (const [listener, count] of Object.entries(open()))
          openOnes.with({ listener }).set(count);
      }),
  };
}
