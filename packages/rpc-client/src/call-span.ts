import type { Metadata } from "@grpc/grpc-js";
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { CalledMethod } from "./call.ts";

const tracer = trace.getTracer("@leasehold/rpc-client");

/** The trace of one call. */
export interface CallSpan {
  /** Makes the server's span a child of this call's. */
  inject(metadata: Metadata): void;
  /** With the gRPC status code that the call ended with. */
  end(code: number): void;
}

/**
 * Begins the span of a call, a child of the active one. Inside a trace that is not
 * recorded none is made: the server is only told that nothing is recorded.
 */
export function startCallSpan(called: CalledMethod): CallSpan {
  const parent = trace.getActiveSpan();
  const span = parent === undefined || parent.isRecording() ? start(called) : undefined;
  return {
    inject(metadata) {
      const active = context.active();
      propagation.inject(span ? trace.setSpan(active, span) : active, metadata, setter);
    },
    end(code) {
      if (!span) return;
      span.setAttribute("rpc.grpc.status_code", code);
      if (code !== 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function start(called: CalledMethod): Span {
  return tracer.startSpan(`${called.service}/${called.name}`, {
    kind: SpanKind.CLIENT,
    attributes: { "rpc.system": "grpc", "rpc.service": called.service, "rpc.method": called.name },
  });
}

const setter = {
  set: (metadata: Metadata, name: string, value: string) => metadata.set(name, value),
};
