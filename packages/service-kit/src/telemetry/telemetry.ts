import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** What of the calls is traced, and where it goes. */
export interface TelemetryOptions {
  readonly service: string;
  /** Base URL of an OTLP receiver over HTTP; nothing is exported without one. */
  readonly endpoint?: string | undefined;
  /** Share of the traces begun here that is recorded, 0 to 1. A caller's decision is followed. */
  readonly sample: number;
  /** Gets the spans besides; for tests. */
  readonly processors?: readonly SpanProcessor[];
}

/**
 * Makes this process part of traces: W3C trace context in and out, spans where the code
 * makes them, no patched modules. Once a process; what it returns sends the last spans.
 */
export function startTelemetry({
  service,
  endpoint,
  sample,
  processors = [],
}: TelemetryOptions): AsyncDisposable {
  const exported =
    endpoint === undefined
      ? []
      : [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: tracesUrl(endpoint) }) })];
  const spanProcessors = [...processors, ...exported];
  const root =
    spanProcessors.length === 0 ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(sample);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    sampler: new ParentBasedSampler({ root }),
    spanProcessors,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return { [Symbol.asyncDispose]: () => provider.shutdown() };
}

function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, "")}/v1/traces`;
}
