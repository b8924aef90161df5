import type { handleUnaryCall } from "@grpc/grpc-js";
import type { MethodDefinition } from "@leasehold/contracts";
import { encodeResponse, Unreadable } from "./codec.ts";
import { callOf } from "./guard.ts";
import type { GuardedCall } from "./guarded-call.ts";
import type { UnaryHandler } from "./handlers.ts";

/** The transport's handler of a method with one request and one response. */
export function serveUnary(
  method: MethodDefinition,
  handler: UnaryHandler<unknown, unknown>,
): handleUnaryCall<unknown, Buffer> {
  return (surface, answer) => {
    const call = callOf(surface);
    const { request } = surface;
    if (request instanceof Unreadable) {
      call.fail(request.problem);
      return;
    }
    call.span
      .run(() => respond(method, handler, request, call, answer))
      .catch((thrown: unknown) => call.fail(thrown));
  };
}

async function respond(
  method: MethodDefinition,
  handler: UnaryHandler<unknown, unknown>,
  request: unknown,
  call: GuardedCall,
  answer: (failure: null, response: Buffer) => void,
): Promise<void> {
  const response = await handler(request, call);
  if (!call.over) answer(null, encodeResponse(method, response));
}
