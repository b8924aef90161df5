import type { MethodDefinition, ServiceDefinition } from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import type { CallContext } from "./call-context.ts";

/** The server's side of a stream in both directions. Callbacks only, so that a message costs little. */
export interface ServerDuplex<Request, Response> {
  /** Called with each message, in order. Reading begins with this; something thrown ends the stream. */
  onMessage(receive: (message: Request) => void): void;
  /** Called when the client has sent its last message. */
  onEnd(ended: () => void): void;
  /** Sends a message; does nothing once the stream is over. A client that does not read loses the stream. */
  send(message: Response): void;
  /** The same of a message that is encoded already. */
  sendEncoded(message: Buffer): void;
  /** Ends the stream well. */
  end(): void;
  /** Ends the stream over a problem. */
  fail(problem: Problem): void;
}

/** Answers one request with one response, or rejects with a `Problem`. */
export type UnaryHandler<Request, Response> = (
  request: Request,
  call: CallContext,
) => Promise<Response>;
/** Answers one request with a stream, which ends when the iteration does. Must stop waiting once `call.signal` aborts. */
export type ServerStreamHandler<Request, Response> = (
  request: Request,
  call: CallContext,
) => AsyncIterable<Response>;
/** Takes a stream over. The stream is over for good once `call.signal` aborts. */
export type DuplexHandler<Request, Response> = (
  stream: ServerDuplex<Request, Response>,
  call: CallContext,
) => void;

type Streams = { readonly requestStream: boolean; readonly responseStream: boolean };

type HandlerOf<Method> = Method extends MethodDefinition<infer Request, infer Response> & Streams
  ? Method["requestStream"] extends true
    ? DuplexHandler<Request, Response>
    : Method["responseStream"] extends true
      ? ServerStreamHandler<Request, Response>
      : UnaryHandler<Request, Response>
  : never;

/** One handler for each method of a service. */
export type Handlers<Definition extends ServiceDefinition> = {
  readonly [Method in keyof Definition["methods"]]: HandlerOf<Definition["methods"][Method]>;
};

/** A service with its handlers, ready to be served. */
export interface ServiceBinding {
  readonly definition: ServiceDefinition;
  readonly handlers: Readonly<Record<string, unknown>>;
  /** Says goodbye on open streams when the server goes away; those left open afterwards end with DRAINING. */
  readonly onDrain: () => void | Promise<void>;
}

/** Binds handlers to a service of the contract. */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  options: { readonly onDrain?: ServiceBinding["onDrain"] } = {},
): ServiceBinding {
  return { definition, handlers, onDrain: options.onDrain ?? (() => undefined) };
}
