import { status } from "@grpc/grpc-js";
import type { Clock } from "@leasehold/kernel";
import { type Principal, principalId } from "../auth/principal.ts";
import type { Log } from "../log/log.ts";
import type { ServerSpan } from "../telemetry/server-span.ts";
import type { GuardedMethod } from "./guarded-method.ts";
import { yields } from "./rule-words.ts";

/** Which calls get a line in the log when they are over. */
export type AccessLog = "all" | "failures";

/** What a journal tells of a call. */
export interface JournaledCall {
  readonly method: Pick<GuardedMethod, "service" | "name" | "shape" | "class">;
  readonly principal: Principal;
  readonly span: Pick<ServerSpan, "traceId">;
  /** Ends the call over something thrown. */
  fail(thrown: unknown): void;
}

/** What a journal needs. */
export interface JournalOptions {
  readonly log: Log;
  readonly clock: Pick<Clock, "monotonic">;
  readonly accessLog: AccessLog;
}

/** How many calls are open: all, and those of them that must leave room for others. */
export interface OpenCalls {
  all: number;
  yielding: number;
}

/** Counts the calls that are open, and writes a line when one is over: never what it carried. */
export class CallJournal {
  readonly clock: Pick<Clock, "monotonic">;
  readonly streams = new Set<JournaledCall>();
  readonly #unary: OpenCalls = { all: 0, yielding: 0 };
  readonly #streams: OpenCalls = { all: 0, yielding: 0 };
  readonly #log: Log;
  readonly #everyCall: boolean;

  constructor({ log, clock, accessLog }: JournalOptions) {
    this.clock = clock;
    this.#log = log;
    this.#everyCall = accessLog === "all";
  }

  /** How many unary calls are being carried out. */
  get unary(): Readonly<OpenCalls> {
    return this.#unary;
  }

  /** How many streams are open. */
  get openStreams(): Readonly<OpenCalls> {
    return this.#streams;
  }

  began(call: JournaledCall): void {
    this.#count(call, 1);
    if (call.method.shape !== "unary") this.streams.add(call);
  }

  #count({ method }: JournaledCall, by: 1 | -1): void {
    const open = method.shape === "unary" ? this.#unary : this.#streams;
    open.all += by;
    if (yields(method.class)) open.yielding += by;
  }

  finished(call: JournaledCall, code: status, reason: string | undefined, ms: number): void {
    this.#count(call, -1);
    this.streams.delete(call);
    if (code === status.OK && !this.#everyCall) return;
    this.#log.info(
      {
        rpc: `${call.method.service}/${call.method.name}`,
        code: status[code],
        ...(reason === undefined ? {} : { reason }),
        ms: Math.round(ms * 10) / 10,
        principal: principalId(call.principal),
        ...(call.span.traceId === undefined ? {} : { traceId: call.span.traceId }),
      },
      call.method.shape === "unary" ? "call" : "stream ended",
    );
  }

  bug(call: JournaledCall, err: unknown): void {
    const { service, name } = call.method;
    this.#log.error(
      { rpc: `${service}/${name}`, traceId: call.span.traceId, err },
      "a handler failed",
    );
  }
}
