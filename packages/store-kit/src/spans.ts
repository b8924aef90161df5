import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("@leasehold/store-kit");

/**
 * Does the work inside a client span, if the caller's span is being recorded. A call that
 * nobody samples pays for one look at the active span.
 */
export function inSpan<T>(
  name: string,
  system: "postgresql" | "redis",
  work: () => Promise<T>,
): Promise<T> {
  if (trace.getActiveSpan()?.isRecording() !== true) return work();
  const options = { kind: SpanKind.CLIENT, attributes: { "db.system.name": system } };
  return tracer.startActiveSpan(name, options, async (span) => {
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
