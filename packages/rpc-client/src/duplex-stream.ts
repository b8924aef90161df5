import type { ClientDuplexStream } from "@grpc/grpc-js";
import { startCallSpan } from "./call-span.ts";
import type { DuplexCall, DuplexStreamCall, StreamOptions } from "./call.ts";
import { ensureOpen } from "./ensure-open.ts";
import { follow, type OpenCall, readMessages } from "./read-messages.ts";
import type { Transport } from "./transport.ts";

/** The function that opens a stream in both directions. */
export function openDuplexStream(method: Transport): DuplexStreamCall<unknown, unknown> {
  return (options = {}) => new OpenStream(method, options);
}

/** A stream that may still be waiting for its headers; what is sent meanwhile waits too. */
class OpenStream implements DuplexCall<unknown, unknown> {
  readonly #signal: AbortSignal | undefined;
  readonly #opened: Promise<OpenCall>;
  #call: ClientDuplexStream<unknown, unknown> | undefined;
  #waiting: unknown[] = [];
  #ended = false;

  constructor(method: Transport, { signal }: StreamOptions) {
    this.#signal = signal;
    this.#opened = this.#open(method);
    this.#opened.catch(() => undefined); // told to whoever reads
  }

  send(message: unknown): void {
    if (this.#ended) return;
    if (!this.#call) this.#waiting.push(message);
    else if (this.#call.writable) this.#call.write(message);
  }

  end(): void {
    this.#ended = true;
    this.#call?.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    yield* readMessages(await this.#opened, this.#signal);
  }

  async #open(method: Transport): Promise<OpenCall> {
    const metadata = await method.metadata();
    ensureOpen(method, this.#signal);
    const span = startCallSpan(method.called);
    span.inject(metadata);
    const call = method.grpc.makeBidiStreamRequest(
      method.path,
      method.serialize,
      method.deserialize,
      metadata,
    );
    const open = follow(call, span, this.#signal);
    for (const message of this.#waiting) call.write(message);
    this.#waiting = [];
    if (this.#ended) call.end();
    this.#call = call;
    return open;
  }
}
