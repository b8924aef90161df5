import type { Metadata } from "@grpc/grpc-js";
import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

const tracer = trace.getTracer("@leasehold/service-kit");

/** The trace that a call belongs to. */
export interface ServerSpan {
  /** For the log; `undefined` without telemetry. */
  readonly traceId: string | undefined;
  /** Runs a function so that what it calls becomes part of the trace. */
  run<Result>(work: () => Result): Result;
  /** With the gRPC status code that the call ended with. */
  end(code: number): void;
}

/** Begins the span of a call as the caller's trace says; whether it is recorded is decided first. */
export function startServerSpan(service: string, method: string, metadata: Metadata): ServerSpan {
  const caller = propagation.extract(ROOT_CONTEXT, metadata, getter);
  const span = tracer.startSpan(`${service}/${method}`, { kind: SpanKind.SERVER }, caller);
  if (span.isRecording())
    span.setAttributes({ "rpc.system": "grpc", "rpc.service": service, "rpc.method": method });
  const identity = span.spanContext();
  return new CallSpan(span, isSpanContextValid(identity) ? identity.traceId : undefined);
}

class CallSpan implements ServerSpan {
  readonly #span: Span;
  readonly traceId: string | undefined;
  #context: Context | undefined;

  constructor(span: Span, traceId: string | undefined) {
    this.#span = span;
    this.traceId = traceId;
  }

  run<Result>(work: () => Result): Result {
    if (this.traceId === undefined) return work();
    this.#context ??= trace.setSpan(ROOT_CONTEXT, this.#span);
    return context.with(this.#context, work);
  }

  end(code: number): void {
    if (!this.#span.isRecording()) return;
    this.#span.setAttribute("rpc.grpc.status_code", code);
    if (code !== 0) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}

const getter = {
  keys: (metadata: Metadata) => Object.keys(metadata.getMap()),
  get: (metadata: Metadata, name: string) => {
    const values = metadata.get(name);
    const [value] = values;
    return values.length === 1 && typeof value === "string" ? value : undefined;
  },
};
