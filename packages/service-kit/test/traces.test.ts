import { context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeEach, expect, test } from "vitest";
import { startTelemetry } from "@leasehold/service-kit";
import { running } from "./running-server.ts";
import { broker, LEASE_ID } from "./sample-service.ts";

const exporter = new InMemorySpanExporter();
const telemetry = startTelemetry({
  service: "test",
  sample: 1,
  processors: [new SimpleSpanProcessor({ exporter })],
});
beforeEach(() => exporter.reset());
afterAll(() => telemetry[Symbol.asyncDispose]());

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };

const spans = () => exporter.getFinishedSpans();
const ofKind = (kind: SpanKind): readonly ReadableSpan[] =>
  spans().filter((span) => span.kind === kind);

test("the server's span is a child of the client's, which is a child of the one at work", async () => {
  const inside: (string | undefined)[] = [];
  const acquireSeat = async () => {
    inside.push(trace.getActiveSpan()?.spanContext().spanId);
    await Promise.resolve();
    inside.push(trace.getActiveSpan()?.spanContext().spanId);
    return { lease: undefined, warnings: [] };
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const work = trace.getTracer("test").startSpan("work");
  await context.with(trace.setSpan(ROOT_CONTEXT, work), () =>
    kit.broker("installation").acquireSeat(request),
  );
  work.end();
  await expect.poll(() => spans().length).toBe(3);
  const [client] = ofKind(SpanKind.CLIENT);
  const [server] = ofKind(SpanKind.SERVER);
  expect(client?.parentSpanContext?.spanId).toBe(work.spanContext().spanId);
  expect(server?.parentSpanContext?.spanId).toBe(client?.spanContext().spanId);
  expect(server?.name).toBe("leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat");
  expect(inside).toEqual([server?.spanContext().spanId, server?.spanContext().spanId]);
});

test("what the caller does not record is recorded nowhere, but keeps its trace id", async () => {
  const traceIds: (string | undefined)[] = [];
  const acquireSeat = () => {
    traceIds.push(trace.getActiveSpan()?.spanContext().traceId);
    return Promise.resolve({ lease: undefined, warnings: [] });
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const unrecorded = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 0,
  };
  await context.with(trace.setSpanContext(ROOT_CONTEXT, unrecorded), () =>
    kit.broker("installation").acquireSeat(request),
  );
  expect(traceIds).toEqual([unrecorded.traceId]);
  expect(spans()).toEqual([]);
});

test("a stream has one span on each side, however many messages it carries", async () => {
  await using kit = await running();
  const stream = kit.broker("installation").keepAlive();
  for (const seq of [1n, 2n, 3n]) stream.send({ seq, heartbeats: [] });
  stream.end();
  expect(await Array.fromAsync(stream)).toHaveLength(3);
  await expect.poll(() => spans().length).toBe(2);
  expect(ofKind(SpanKind.SERVER)).toHaveLength(1);
  expect(ofKind(SpanKind.CLIENT)).toHaveLength(1);
});

test("a defect is found in the log by the trace id that the caller gets", async () => {
  const acquireSeat = () => Promise.reject(new TypeError("x"));
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const failure = await kit
    .broker("installation")
    .acquireSeat(request)
    .catch((thrown: unknown) => thrown);
  const [server] = ofKind(SpanKind.SERVER);
  const traceId = server?.spanContext().traceId;
  expect(failure).toMatchObject({ metadata: { trace_id: traceId } });
  expect(kit.log.entries.find(({ level }) => level === "error")?.facts["traceId"]).toBe(traceId);
});
