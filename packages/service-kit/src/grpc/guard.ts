import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import type { Authenticator, Credentials } from "../auth/authenticator.ts";
import { actingAs } from "../auth/acting-as.ts";
import { ANYONE, holds, type Principal } from "../auth/principal.ts";
import { startServerSpan } from "../telemetry/server-span.ts";
import type { CallJournal } from "./call-journal.ts";
import { credentialsMissing, methodDenied, overloaded } from "./call-problems.ts";
import { cleanStatus } from "./foreign-status.ts";
import { type CallStatus, GuardedCall } from "./guarded-call.ts";
import type { GuardedMethod } from "./guarded-method.ts";

/** What a guard decides by. */
export interface GuardOptions {
  /** By path. Every other method of the server is left to itself, except for its status. */
  readonly methods: ReadonlyMap<string, GuardedMethod>;
  readonly authenticate: Authenticator;
  readonly journal: CallJournal;
  /** Calls that may be open at a time. */
  readonly mostUnary: number;
  readonly mostStreams: number;
}

/** How long a stream may take to be authenticated and to send its first request, in milliseconds. */
const OPENING_MS = 5_000;

type Listener = Parameters<ServerInterceptingCall["start"]>[0];
type Send = Parameters<ServerInterceptingCall["sendMessage"]>;

/**
 * Stands in front of every call: in-flight cap, credentials, permission and deadline,
 * in this order and before a byte of the request is read. Behind every call it cleans the
 * status, whoever made it.
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
  #call: GuardedCall | undefined;

  constructor(method: GuardedMethod, wire: ServerInterceptingCallInterface, options: GuardOptions) {
    super(wire);
    this.#method = method;
    this.#options = options;
  }

  override start(listener: Listener): void {
    this.wire.start({
      onReceiveMetadata: (metadata) => this.#admit(metadata, listener),
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
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
  }

  #admit(metadata: Metadata, listener: Listener): void {
    const { journal, mostUnary, mostStreams } = this.#options;
    const span = startServerSpan(this.#method.service, this.#method.name, metadata);
    const clientMs = Number(this.wire.getDeadline()) - Date.now();
    const call = new GuardedCall(this.#method, this, journal, span, clientMs);
    this.#call = call;
    journal.began(call);
    if (journal.unary > mostUnary || journal.streams.size > mostStreams) {
      call.fail(overloaded());
      return;
    }
    const most = this.#method.deadlineMs ?? OPENING_MS;
    if (most < clientMs) call.expireAfter(most);
    this.#identify(call, metadata, listener);
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

  #authorise(call: GuardedCall, found: Principal = ANYONE, listener: Listener): void {
    const { open, kinds, permission } = this.#method;
    const principal = actingAs(found, this.#method);
    call.principal = principal;
    if (!open) {
      if (principal.kind === "anyone") throw credentialsMissing();
      if (!kinds.has(principal.kind) || !holds(principal, permission)) throw methodDenied();
    }
    if (!call.over) listener.onReceiveMetadata(new HandlerMetadata(call));
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
