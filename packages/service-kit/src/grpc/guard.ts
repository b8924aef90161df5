import {
  Metadata,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import type { Problem } from "@leasehold/kernel";
import { actingAs } from "../auth/acting-as.ts";
import type { Arrival, Authenticator, Credentials } from "../auth/authenticator.ts";
import { ANYONE, type Principal } from "../auth/principal.ts";
import { startServerSpan } from "../telemetry/server-span.ts";
import type { RefusalOfLoad } from "./admission.ts";
import { refusalOf } from "./authorise.ts";
import type { AwaitedRequests } from "./awaited-requests.ts";
import type { CallJournal } from "./call-journal.ts";
import { framesTooSmall, methodDenied, overloaded } from "./call-problems.ts";
import { CleanWire, type Listener, type Send } from "./clean-wire.ts";
import type { ConnectionEnds } from "./connection-guard.ts";
import { type CallStatus, GuardedCall } from "./guarded-call.ts";
import type { GuardedMethod } from "./guarded-method.ts";

/** What a guard decides by. */
export interface GuardOptions {
  /** By path. Every other method of the server is left to itself, except for its status. */
  readonly methods: ReadonlyMap<string, GuardedMethod>;
  readonly authenticate: Authenticator;
  readonly journal: CallJournal;
  readonly refusalOfLoad: RefusalOfLoad;
  readonly awaited: AwaitedRequests;
  /** How long a stream's caller may say nothing, in milliseconds. */
  readonly silenceMs: number;
  /** Over what a call came. */
  readonly arrivalOf: (ends: ConnectionEnds) => Arrival | undefined;
  /** Whether there is a listener for services, where alone their methods are served. */
  readonly internal: boolean;
}

/** How long a stream may take to be authenticated and to send its first request, in milliseconds. */
const OPENING_MS = 5_000;

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

class GuardedWire extends CleanWire {
  readonly #method: GuardedMethod;
  readonly #options: GuardOptions;
  #call: GuardedCall | undefined;
  #arrived: (() => void) | undefined;

  constructor(method: GuardedMethod, wire: ServerInterceptingCallInterface, options: GuardOptions) {
    super(wire, method.requestBytes);
    this.#method = method;
    this.#options = options;
  }

  override start(listener: Listener): void {
    this.wire.start({
      onReceiveMetadata: (metadata) => this.#admit(metadata, listener),
      onReceiveMessage: (message) => {
        this.frames?.complete();
        this.#call?.heard();
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => {
        this.#arrived?.();
        listener.onReceiveHalfClose();
      },
      onCancel: () => {
        this.#arrived?.();
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
    this.#arrived?.();
    this.#call?.finish(ended.code);
    super.ending(ended);
  }

  protected override flooded(): void {
    this.#call?.fail(framesTooSmall());
  }

  #admit(metadata: Metadata, listener: Listener): void {
    const { journal } = this.#options;
    const span = startServerSpan(this.#method.service, this.#method.name, metadata);
    const clientMs = Number(this.wire.getDeadline()) - Date.now();
    const call = new GuardedCall(this.#method, this, journal, span, clientMs);
    this.#call = call;
    journal.began(call);
    const { remoteAddress } = this.wire.getConnectionInfo();
    const refusal =
      this.#options.refusalOfLoad(this.#method, remoteAddress) ?? this.#expect(remoteAddress);
    if (refusal) {
      call.fail(refusal);
      return;
    }
    const most = this.#method.deadlineMs ?? OPENING_MS;
    if (most < clientMs) call.expireAfter(most);
    this.#identify(call, metadata, listener);
  }

  /** A stream in both directions has its request when it begins. */
  #expect(address: string | undefined): Problem | undefined {
    if (this.#method.shape === "duplex-stream") return undefined;
    this.#arrived = this.#options.awaited.await(address);
    return this.#arrived ? undefined : overloaded();
  }

  #identify(call: GuardedCall, metadata: Metadata, listener: Listener): void {
    try {
      const found = this.#method.open
        ? ANYONE
        : this.#options.authenticate(credentialsIn(metadata, this.#arrival()));
      if (!(found instanceof Promise)) this.#authorise(call, found, listener);
      else
        found
          .then((principal) => this.#authorise(call, principal, listener))
          .catch((thrown: unknown) => call.fail(thrown));
    } catch (thrown) {
      call.fail(thrown);
    }
  }

  /** @throws Problem PERMISSION_DENIED for a method of services from the public */
  #arrival(): Arrival | undefined {
    const { arrivalOf, internal } = this.#options;
    const arrival = arrivalOf(this.wire.getConnectionInfo());
    const { kinds } = this.#method;
    if (internal && arrival?.listener !== "internal" && kinds.size === 1 && kinds.has("service"))
      throw methodDenied();
    return arrival;
  }

  #authorise(call: GuardedCall, found: Principal = ANYONE, listener: Listener): void {
    const principal = actingAs(found, this.#method);
    call.principal = principal;
    const refusal = refusalOf(this.#method, principal);
    if (refusal) throw refusal;
    if (call.over) return;
    listener.onReceiveMetadata(new HandlerMetadata(call));
    if (this.#method.shape === "duplex-stream") call.expectWords(this.#options.silenceMs);
  }
}

function credentialsIn(metadata: Metadata, arrival: Arrival | undefined): Credentials {
  return {
    arrival,
    header(name) {
      const values = metadata.get(name);
      const [value] = values;
      return values.length === 1 && typeof value === "string" ? value : undefined;
    },
  };
}
