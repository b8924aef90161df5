import { once } from "node:events";
import type { handleServerStreamingCall, ServerWritableStream } from "@grpc/grpc-js";
import type { MethodDefinition } from "@leasehold/contracts";
import { encodeResponse, Unreadable } from "./codec.ts";
import { callOf } from "./guard.ts";
import type { GuardedCall } from "./guarded-call.ts";
import type { ServerStreamHandler } from "./handlers.ts";

/** The transport's handler of a method that answers one request with a stream, as fast as the client reads. */
export function serveServerStream(
  method: MethodDefinition,
  handler: ServerStreamHandler<unknown, unknown>,
): handleServerStreamingCall<unknown, Buffer> {
  return (surface) => {
    const call = callOf(surface);
    call.arrived();
    const { request } = surface;
    if (request instanceof Unreadable) call.fail(request.problem);
    else
      pump(method, () => handler(request, call), surface, call).catch((thrown: unknown) =>
        call.fail(thrown),
      );
  };
}

async function pump(
  method: MethodDefinition,
  answers: () => AsyncIterable<unknown>,
  surface: ServerWritableStream<unknown, Buffer>,
  call: GuardedCall,
): Promise<void> {
  for await (const message of answers()) {
    if (call.over) return;
    if (!surface.write(encodeResponse(method, message)))
      await once(surface, "drain", { signal: call.signal });
  }
  if (!call.over) surface.end();
}
