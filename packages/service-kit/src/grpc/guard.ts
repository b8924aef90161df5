import type { ServerHttp2Stream } from "node:http2";
import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import type { Problem } from "@leasehold/kernel";
import type { Authenticator, Credentials } from "../auth/authenticator.ts";
import { ANYONE, type Principal } from "../auth/principal.ts";
import { startServerSpan } from "../telemetry/server-span.ts";
import { refusalOf } from "./authorise.ts";
import type { CallJournal } from "./call-journal.ts";
import { calledTooOften, framesTooSmall, overloaded } from "./call-problems.ts";
import type { CountCall } from "./call-rates.ts";
import { closeAfterStatus } from "./close-after-status.ts";
import { cleanStatus } from "./foreign-status.ts";
import { type CallStatus, GuardedCall } from "./guarded-call.ts";
import type { GuardedMethod } from "./guarded-method.ts";
import { isShed, type LoopDelay } from "./load-shedding.ts";
import { type RequestFrames, watchRequestFrames } from "./request-frames.ts";
import { yields } from "./rule-words.ts";
import { capMessages, streamOf } from "./transport-call.ts";

/** What a guard decides by. */
export interface GuardOptions {
  /** By path. Every other method of the server is left to itself, except for its status. */
  readonly methods: ReadonlyMap<string, GuardedMethod>;
  readonly authenticate: Authenticator;
  readonly journal: CallJournal;
  /** Calls that may be open at a time. */
  readonly mostUnary: number;
  readonly mostStreams: number;
  readonly countCall: CountCall;
  readonly loopDelay: LoopDelay;
  /** How long a stream's caller may say nothing, in milliseconds. */
  readonly silenceMs: number;
}

/** What is left for renewals, and for services, of the calls that may be open at a time. */
const RESERVED = 0.25;

/** How long a stream may take to be authenticated and to send its first request, in milliseconds. */
const OPENING_MS = 5_000;

type Listener = Parameters<ServerInterceptingCall["start"]>[0];
type Send = Parameters<ServerInterceptingCall["sendMessage"]>;

/**
 * Stands in front of every call: in-flight cap, load, rate, deadline, credentials and permission,
 * in this order and before a byte of the request is read; then the size and the frames of what is
 * read. Behind every call it cleans the status, whoever made it.
 */
export function guard(options: GuardOptions): ServerInterceptor {
  return ({ path }, wire) => {
    const method = options.methods.get(path);
    return method ? new GuardedWire(method, wire, options) : new CleanWire(wire);
  };
}

/** The call that a handler's surface object belongs to. */
export function callOf(surface: { readonly metadata: Metadata }): GuardedCall {
  if (surface.metadata instanceof HandlerMetadata) return surface.metadata.call;
  throw new Error("the call did not pass the guard");
}

/** What a handler gets for headers: none, so that no credential travels further. */
class HandlerMetadata extends Metadata {
  readonly call: GuardedCall;

  constructor(call: GuardedCall) {
    super();
    this.call = call;
  }
}

/**
 * A call whose every status is cleaned. The transport sends some by itself, on the
 * innermost call: that is where they are caught.
 */
class CleanWire extends ServerInterceptingCall {
  protected readonly wire: ServerInterceptingCallInterface;
  readonly #send: (ended: CallStatus) => void;

  constructor(wire: ServerInterceptingCallInterface) {
    super(wire);
    this.wire = wire;
    this.#send = wire.sendStatus.bind(wire);
    wire.sendStatus = (ended) => this.ending(cleanStatus(ended));
  }

  protected ending(ended: CallStatus): void {
    this.#send(ended);
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

class GuardedWire extends CleanWire {
  readonly #method: GuardedMethod;
  readonly #options: GuardOptions;
  readonly #stream: ServerHttp2Stream | undefined;
  #call: GuardedCall | undefined;
  #frames: RequestFrames | undefined;

  constructor(method: GuardedMethod, wire: ServerInterceptingCallInterface, options: GuardOptions) {
    super(wire);
    this.#method = method;
    this.#options = options;
    this.#stream = streamOf(wire);
    capMessages(wire, method.requestBytes);
  }

  override start(listener: Listener): void {
    this.wire.start({
      onReceiveMetadata: (metadata) => this.#admit(metadata, listener),
      onReceiveMessage: (message) => {
        this.#frames?.complete();
        this.#call?.heard();
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        this.#call?.finish(status.CANCELLED);
        listener.onCancel();
      },
    });
  }

  /** What still waits in a stream's buffer when its status is sent would break the transport's stream. */
  override sendMessage(...message: Send): void {
    if (!this.#call?.over) this.wire.sendMessage(...message);
  }

  protected override ending(ended: CallStatus): void {
    if (this.#call?.over) return;
    this.#call?.finish(ended.code);
    super.ending(ended);
    if (this.#stream) closeAfterStatus(this.#stream);
  }

  #admit(metadata: Metadata, listener: Listener): void {
    const { journal } = this.#options;
    const span = startServerSpan(this.#method.service, this.#method.name, metadata);
    const clientMs = Number(this.wire.getDeadline()) - Date.now();
    const call = new GuardedCall(this.#method, this, journal, span, clientMs);
    this.#call = call;
    journal.began(call);
    if (this.#stream)
      this.#frames = watchRequestFrames(this.#stream, () => call.fail(framesTooSmall()));
    const refusal = this.#tooMuch();
    if (refusal) {
      call.fail(refusal);
      return;
    }
    const most = this.#method.deadlineMs ?? OPENING_MS;
    if (most < clientMs) call.expireAfter(most);
    this.#identify(call, metadata, listener);
  }

  /** Why nothing is done for the call, whoever makes it. */
  #tooMuch(): Problem | undefined {
    const { journal, mostUnary, mostStreams, loopDelay, countCall } = this.#options;
    const { shape, class: callClass } = this.#method;
    const [open, most] =
      shape === "unary" ? [journal.unary, mostUnary] : [journal.openStreams, mostStreams];
    if (open.all > most) return overloaded();
    if (yields(callClass) && open.yielding > Math.ceil(most * (1 - RESERVED))) return overloaded();
    if (isShed(callClass, loopDelay())) return overloaded();
    const waitMs = countCall(callClass, this.wire.getConnectionInfo().remoteAddress);
    return waitMs > 0 ? calledTooOften(waitMs) : undefined;
  }

  #identify(call: GuardedCall, metadata: Metadata, listener: Listener): void {
    try {
      const found = this.#method.open
        ? ANYONE
        : this.#options.authenticate(credentialsIn(metadata));
      if (!(found instanceof Promise)) this.#authorise(call, found, listener);
      else
        found
          .then((principal) => this.#authorise(call, principal, listener))
          .catch((thrown: unknown) => call.fail(thrown));
    } catch (thrown) {
      call.fail(thrown);
    }
  }

  #authorise(call: GuardedCall, principal: Principal = ANYONE, listener: Listener): void {
    call.principal = principal;
    const refusal = refusalOf(this.#method, principal);
    if (refusal) throw refusal;
    if (call.over) return;
    listener.onReceiveMetadata(new HandlerMetadata(call));
    if (this.#method.shape === "duplex-stream") call.expectWords(this.#options.silenceMs);
  }
}

function credentialsIn(metadata: Metadata): Credentials {
  return {
    header(name) {
      const values = metadata.get(name);
      const [value] = values;
      return values.length === 1 && typeof value === "string" ? value : undefined;
    },
  };
}
