import { status } from "@grpc/grpc-js";
import type { Clock } from "@leasehold/kernel";
import { type Principal, principalId } from "../auth/principal.ts";
import type { Log } from "../log/log.ts";
import type { CallMetrics } from "../metrics/call-metrics.ts";
import type { ServerSpan } from "../telemetry/server-span.ts";
import { gcra } from "./gcra.ts";
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
  /** Counts every call; none are counted if absent. */
  readonly metrics?: CallMetrics | undefined;
}

/** How many calls are open: all, and those of them that must leave room for others. */
export interface OpenCalls {
  all: number;
  yielding: number;
}

/** Of calls that are refused before anybody knows whose they are, so many get a line: a flood must not fill the log. */
const REFUSALS_TOLD = { count: 10, periodMs: 1_000 };

/** Counts the calls that are open, and writes a line when one is over: never what it carried. */
export class CallJournal {
  readonly clock: Pick<Clock, "monotonic">;
  readonly streams = new Set<JournaledCall>();
  readonly #unary: OpenCalls = { all: 0, yielding: 0 };
  readonly #streams: OpenCalls = { all: 0, yielding: 0 };
  readonly #log: Log;
  readonly #everyCall: boolean;
  readonly #metrics: CallMetrics | undefined;
  readonly #refusals = gcra(REFUSALS_TOLD, 1);
  #untold = 0;

  constructor({ log, clock, accessLog, metrics }: JournalOptions) {
    this.#metrics = metrics;
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
    this.#metrics?.finished(call.method, code, reason, ms);
    if (code === status.OK && !this.#everyCall) return;
    if (isTurnedAway(call, reason) && this.#refusals.take("", this.clock.monotonic()) > 0) {
      this.#untold += 1;
      return;
    }
    this.#log.info(
      {
        rpc: `${call.method.service}/${call.method.name}`,
        code: status[code],
        ...(reason === undefined ? {} : { reason }),
        ms: Math.round(ms * 10) / 10,
        principal: principalId(call.principal),
        ...this.#forgotten(),
        ...(call.span.traceId === undefined ? {} : { traceId: call.span.traceId }),
      },
      call.method.shape === "unary" ? "call" : "stream ended",
    );
  }

  /** How many calls were turned away since the last line, and got none. */
  #forgotten(): { readonly untold?: number } {
    const untold = this.#untold;
    this.#untold = 0;
    return untold === 0 ? {} : { untold };
  }

  bug(call: JournaledCall, err: unknown): void {
    const { service, name } = call.method;
    this.#log.error(
      { rpc: `${service}/${name}`, traceId: call.span.traceId, err },
      "a handler failed",
    );
  }
}

function isTurnedAway({ principal }: JournaledCall, reason: string | undefined): boolean {
  return principal.kind === "anyone" && (reason === "RATE_LIMITED" || reason === "OVERLOADED");
}
