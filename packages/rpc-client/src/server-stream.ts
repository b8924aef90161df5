import { startCallSpan } from "./call-span.ts";
import type { ServerStreamCall, StreamOptions } from "./call.ts";
import { ensureOpen } from "./ensure-open.ts";
import { follow, readMessages } from "./read-messages.ts";
import type { Transport } from "./transport.ts";

/** The function that calls a method that answers one request with a stream. The call is made when reading begins. */
export function openServerStream(method: Transport): ServerStreamCall<unknown, unknown> {
  return (request, options = {}) => ({
    [Symbol.asyncIterator]: () => read(method, request, options),
  });
}

async function* read(
  method: Transport,
  request: unknown,
  { signal }: StreamOptions,
): AsyncGenerator {
  const metadata = await method.metadata();
  ensureOpen(method, signal);
  const span = startCallSpan(method.called);
  span.inject(metadata);
  const call = method.grpc.makeServerStreamRequest(
    method.path,
    method.serialize,
    method.deserialize,
    request,
    metadata,
  );
  yield* readMessages(follow(call, span, signal), signal);
}
