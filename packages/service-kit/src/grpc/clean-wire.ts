import { constants, type ServerHttp2Stream } from "node:http2";
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { closeAfterStatus } from "./close-after-status.ts";
import { cleanStatus } from "./foreign-status.ts";
import type { CallStatus } from "./guarded-call.ts";
import { type RequestFrames, watchRequestFrames } from "./request-frames.ts";
import { capMessages, streamOf } from "./transport-call.ts";

/** What the handlers of a call hear. */
export type Listener = Parameters<ServerInterceptingCall["start"]>[0];
/** What they send. */
export type Send = Parameters<ServerInterceptingCall["sendMessage"]>;

/** Bytes of the largest message that a tool may send: it asks for health, or for what is served. */
const TOOL_BYTES = 64 * 1024;

/**
 * A call whose request takes no more memory than it may, whose every status is cleaned, and which is
 * closed once it has one. The transport sends some by itself, on the innermost call: that is where
 * they are caught.
 */
export class CleanWire extends ServerInterceptingCall {
  protected readonly wire: ServerInterceptingCallInterface;
  protected readonly frames: RequestFrames | undefined;
  readonly #stream: ServerHttp2Stream | undefined;
  readonly #send: (ended: CallStatus) => void;

  constructor(wire: ServerInterceptingCallInterface, mostBytes = TOOL_BYTES) {
    super(wire);
    this.wire = wire;
    this.#stream = streamOf(wire);
    this.#send = wire.sendStatus.bind(wire);
    wire.sendStatus = (ended) => this.ending(cleanStatus(ended));
    capMessages(wire, mostBytes);
    this.frames = this.#stream && watchRequestFrames(this.#stream, () => this.flooded());
  }

  /** The request comes in frames that are next to empty. */
  protected flooded(): void {
    this.#stream?.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  protected ending(ended: CallStatus): void {
    this.#send(ended);
    if (this.#stream) closeAfterStatus(this.#stream);
  }

  override sendStatus(ended: CallStatus): void {
    this.wire.sendStatus(ended);
  }

  override sendMetadata(metadata: Metadata): void {
    this.wire.sendMetadata(metadata);
  }

  override sendMessage(...message: Send): void {
    this.wire.sendMessage(...message);
  }

  override start(listener: Listener): void {
    this.wire.start(listener);
  }
}
