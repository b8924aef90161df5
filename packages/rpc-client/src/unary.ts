import { type CallOptions, type ClientUnaryCall, type Metadata, status } from "@grpc/grpc-js";
import { type CallSpan, startCallSpan } from "./call-span.ts";
import type { UnaryCall, UnaryOptions } from "./call.ts";
import { ensureOpen } from "./ensure-open.ts";
import { abandoned, problemFromStatus } from "./status-problems.ts";
import type { Transport } from "./transport.ts";

/** The function that calls a method with one request and one response. */
export function callUnary(method: Transport): UnaryCall<unknown, unknown> {
  return async (request, options = {}) => {
    if (options.signal?.aborted) throw abandoned(options.signal.reason);
    const deadlineMs = options.deadlineMs ?? method.deadlineMs;
    const callOptions: CallOptions =
      deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    const made = method.metadata();
    const metadata = made instanceof Promise ? await made : made;
    ensureOpen(method, options.signal);
    const span = startCallSpan(method.called);
    span.inject(metadata);
    return exchange({ method, request, metadata, callOptions, span, signal: options.signal });
  };
}

interface Exchange {
  readonly method: Transport;
  readonly request: unknown;
  readonly metadata: Metadata;
  readonly callOptions: CallOptions;
  readonly span: CallSpan;
  readonly signal: UnaryOptions["signal"] | undefined;
}

function exchange({
  method,
  request,
  metadata,
  callOptions,
  span,
  signal,
}: Exchange): Promise<unknown> {
  const { grpc, path, serialize, deserialize } = method;
  return new Promise((resolve, reject) => {
    const call: ClientUnaryCall = grpc.makeUnaryRequest(
      path,
      serialize,
      deserialize,
      request,
      metadata,
      callOptions,
      (failure, response) => {
        signal?.removeEventListener("abort", cancel);
        span.end(failure?.code ?? status.OK);
        if (!failure) resolve(response);
        else if (signal?.aborted) reject(abandoned(signal.reason));
        else reject(problemFromStatus(failure));
      },
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
  });
}
