import {
  InterceptingCall,
  type Interceptor,
  ListenerBuilder,
  type Metadata,
  RequesterBuilder,
  status,
  type StatusObject,
} from "@grpc/grpc-js";
import type { MethodDefinition, ServiceDefinition } from "@leasehold/contracts";

/**
 * What went over a channel: a call with its answer, or one message that a server sent on a stream.
 * Tells sizes, and nothing of what was in them.
 */
export interface Exchange {
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
  readonly direction: "sent" | "received";
  /** With its package and service, `leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat`. */
  readonly method: string;
  /** The name of the gRPC status that it ended with, for example `OK`; of a message, `MESSAGE`. */
  readonly outcome: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
}

/** Tells of each exchange of one service when it is over. */
export function exchangeInterceptor(
  service: ServiceDefinition,
  tell: (exchange: Exchange) => void,
): Interceptor {
  const methods = Object.values(service.methods);
  return (options, nextCall) => {
    const path = options.method_definition.path.slice(1);
    const method = methods.find(({ name }) => path === `${service.fullName}/${name}`);
    if (method === undefined) return new InterceptingCall(nextCall(options));
    const call = callOf(path, method, tell);
    const requester = new RequesterBuilder()
      .withStart((metadata: Metadata, _listener, next) => {
        const listener = new ListenerBuilder()
          .withOnReceiveMessage((message: unknown, proceed) => {
            call.received(message);
            proceed(message);
          })
          .withOnReceiveStatus((ended: StatusObject, proceed) => {
            call.ended(ended.code);
            proceed(ended);
          })
          .build();
        next(metadata, listener);
      })
      .withSendMessage((message: unknown, next) => {
        call.sent(message);
        next(message);
      })
      .build();
    return new InterceptingCall(nextCall(options), requester);
  };
}

function callOf(path: string, method: MethodDefinition, tell: (exchange: Exchange) => void) {
  const time = Date.now();
  const begun = performance.now();
  let requestBytes = 0;
  let responseBytes = 0;
  const exchange = (of: Partial<Exchange>): Exchange => ({
    time,
    direction: "sent",
    method: path,
    outcome: "OK",
    requestBytes,
    responseBytes,
    durationMs: Math.round(performance.now() - begun),
    ...of,
  });
  return {
    sent: (message: unknown) => {
      requestBytes += method.requestType.encode(complete(method, message)).finish().length;
    },
    received: (message: unknown) => {
      if (message === null || message === undefined) return;
      const bytes = method.responseType.encode(message).finish().length;
      responseBytes += bytes;
      if (!method.responseStream) return;
      const told = { requestBytes: 0, responseBytes: bytes, durationMs: 0 };
      tell(exchange({ ...told, time: Date.now(), direction: "received", outcome: "MESSAGE" }));
    },
    ended: (code: number) => tell(exchange({ outcome: status[code] ?? String(code) })),
  };
}

function complete({ requestStream, requestType }: MethodDefinition, message: unknown): unknown {
  return requestStream ? message : requestType.fromPartial(message as object);
}
