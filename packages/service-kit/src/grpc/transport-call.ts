import type { ServerHttp2Stream } from "node:http2";
import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";

// The transport knows one largest message for the whole server, and tells nothing of the stream
// below a call. Both are in its call object, under names that are private there: the version of the
// transport is pinned, and tests fail if a new one has them no longer.

/**
 * Caps the messages of one call: by the length that stands in front of them, so that nothing of a
 * larger one is kept, and by what they are unpacked to.
 */
export function capMessages(wire: ServerInterceptingCallInterface, bytes: number): void {
  const decoder: unknown = Reflect.get(wire, "decoder");
  if (typeof decoder === "object" && decoder !== null && "maxReadMessageLength" in decoder)
    decoder.maxReadMessageLength = bytes;
  if ("maxReceiveMessageSize" in wire) wire.maxReceiveMessageSize = bytes;
}

/** The stream that carries a call. */
export function streamOf(wire: ServerInterceptingCallInterface): ServerHttp2Stream | undefined {
  return Reflect.get(wire, "stream") as ServerHttp2Stream | undefined;
}
