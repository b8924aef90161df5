import { SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("@leasehold/client");

/** Does something inside a span of this name. Costs nothing where the application records no traces. */
export function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
