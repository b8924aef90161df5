import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import type { MethodDefinition } from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { readsTooSlowly } from "./call-problems.ts";
import { encodeResponse, Unreadable } from "./codec.ts";
import { callOf } from "./guard.ts";
import type { GuardedCall } from "./guarded-call.ts";
import type { DuplexHandler, ServerDuplex } from "./handlers.ts";

/** How many messages may wait for a client that does not read. */
const MOST_UNSENT = 1_000;

/** The transport's handler of a method that streams in both directions. */
export function serveDuplex(
  method: MethodDefinition,
  handler: DuplexHandler<unknown, unknown>,
): handleBidiStreamingCall<unknown, Buffer> {
  return (surface) => {
    const call = callOf(surface);
    call.arrived();
    try {
      handler(new GuardedDuplex(method, surface, call), call);
    } catch (thrown) {
      call.fail(thrown);
    }
  };
}

class GuardedDuplex implements ServerDuplex<unknown, unknown> {
  readonly #method: MethodDefinition;
  readonly #surface: ServerDuplexStream<unknown, Buffer>;
  readonly #call: GuardedCall;
  #ended = false;

  constructor(
    method: MethodDefinition,
    surface: ServerDuplexStream<unknown, Buffer>,
    call: GuardedCall,
  ) {
    this.#method = method;
    this.#surface = surface;
    this.#call = call;
  }

  onMessage(receive: (message: unknown) => void): void {
    this.#surface.on("data", (message: unknown) => {
      if (this.#call.over) return;
      if (message instanceof Unreadable) this.#call.fail(message.problem);
      else this.#guarded(() => receive(message));
    });
  }

  onEnd(ended: () => void): void {
    this.#surface.once("end", () => {
      if (!this.#call.over) this.#guarded(ended);
    });
  }

  send(message: unknown): void {
    if (this.#call.over || this.#ended) return;
    this.#guarded(() => this.sendEncoded(encodeResponse(this.#method, message)));
  }

  sendEncoded(message: Buffer): void {
    if (this.#call.over || this.#ended) return;
    if (this.#surface.writableLength >= MOST_UNSENT) this.#call.fail(readsTooSlowly());
    else this.#surface.write(message);
  }

  end(): void {
    if (this.#call.over || this.#ended) return;
    this.#ended = true;
    this.#surface.end();
  }

  fail(problem: Problem): void {
    this.#call.fail(problem);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#call.fail(thrown);
    }
  }
}
