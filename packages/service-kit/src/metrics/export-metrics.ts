import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import type { Log } from "../log/log.ts";
import { metricProducer } from "./metric-data.ts";
import type { Metrics } from "./metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

/** Where metrics go. */
export interface ExportOptions {
  /** For example `seat-broker`. */
  readonly service: string;
  /** Host and port of the listener for Prometheus; there is none if absent. */
  readonly listen: string | undefined;
  /** Base URL of an OTLP receiver over HTTP; nothing is sent without one. */
  readonly endpoint: string | undefined;
  readonly log: Log;
}

/**
 * Lets others read the metrics, or sends them. Disposing sends them for the last time.
 * @throws Error if the address cannot be had
 */
export async function exportMetrics(
  metrics: Metrics,
  { service, listen, endpoint, log }: ExportOptions,
): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const producers = [metricProducer(metrics)];
  const pulled = listen === undefined ? [] : [new PulledReader({ metricProducers: producers })];
  const pushed =
    endpoint === undefined
      ? []
      : [
          new PeriodicExportingMetricReader({
            exporter: new OTLPMetricExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/metrics` }),
            metricProducers: producers,
          }),
        ];
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    readers: [...pulled, ...pushed],
  });
  opening.defer(() => provider.shutdown());
  const [reader] = pulled;
  if (listen !== undefined && reader) {
    const listener = opening.use(await serveMetrics(listen, () => textOf(reader)));
    log.info({ address: listener.address }, "metrics can be read");
  }
  return opening.move();
}

/** Reads when it is asked to. */
class PulledReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

async function textOf(reader: MetricReader): Promise<string> {
  const { resourceMetrics } = await reader.collect();
  // Which service it is, whoever scrapes knows: neither resource nor scope is a label.
  return `${new PrometheusSerializer("", false, undefined, true, true).serialize(resourceMetrics)}\n`;
}
