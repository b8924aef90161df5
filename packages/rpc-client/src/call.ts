import type { MethodDefinition, PartialMessage, ServiceDefinition } from "@leasehold/contracts";

/** Headers of a call: text, or bytes where the name ends in `-bin`. */
export type CallMetadata = Readonly<Record<string, string | Buffer | readonly string[]>>;

/** Names the method that a call goes to. */
export interface CalledMethod {
  /** With its package, for example `leasehold.issuer.v1.IssuerService`. */
  readonly service: string;
  readonly name: string;
}

/** Options of a call whose answer is awaited. */
export interface UnaryOptions {
  /** Gives the call up; it then rejects with CANCELLED. */
  readonly signal?: AbortSignal;
  /** Milliseconds from now; the contract's figure for the method if absent. */
  readonly deadlineMs?: number;
}

/** Options of a call that streams. It has no deadline. */
export interface StreamOptions {
  /** Ends the stream; reading it then rejects with CANCELLED. */
  readonly signal?: AbortSignal;
}

/** A stream in both directions. */
export interface DuplexCall<Request, Response> extends AsyncIterable<Response> {
  /** Queues a message. Does nothing once the stream is over. */
  send(message: Request): void;
  /** Tells the server that nothing more will be sent. */
  end(): void;
}

/** Rejects with a `Problem`, except for what the client's own `metadata` function throws. */
export type UnaryCall<Request, Response> = (
  request: Request,
  options?: UnaryOptions,
) => Promise<Response>;
/** Reading rejects with a `Problem`; leaving the loop ends the stream. */
export type ServerStreamCall<Request, Response> = (
  request: Request,
  options?: StreamOptions,
) => AsyncIterable<Response>;
/** Opens the stream at once. */
export type DuplexStreamCall<Request, Response> = (
  options?: StreamOptions,
) => DuplexCall<Request, Response>;

type Streams = { readonly requestStream: boolean; readonly responseStream: boolean };

type CallOf<Method> = Method extends MethodDefinition<infer Request, infer Response> & Streams
  ? Method["requestStream"] extends true
    ? DuplexStreamCall<Request, Response>
    : Method["responseStream"] extends true
      ? ServerStreamCall<PartialMessage<Request>, Response>
      : UnaryCall<PartialMessage<Request>, Response>
  : never;

/**
 * One function for each method of a service. A request may leave fields out; a message of a stream
 * in both directions names all of them.
 */
export type Client<Definition extends ServiceDefinition> = {
  readonly [Method in keyof Definition["methods"]]: CallOf<Definition["methods"][Method]>;
};
