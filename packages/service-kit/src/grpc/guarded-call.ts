import { type Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { isProblem } from "@leasehold/kernel";
import { ANYONE, type Principal } from "../auth/principal.ts";
import type { ServerSpan } from "../telemetry/server-span.ts";
import type { CallContext } from "./call-context.ts";
import { deadlineExceeded, internalFault, silentTooLong } from "./call-problems.ts";
import type { CallJournal } from "./call-journal.ts";
import type { GuardedMethod } from "./guarded-method.ts";
import { problemStatus } from "./problem-status.ts";

/** What a call ended with. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata | null | undefined;
}

/** The transport of one call. */
export interface CallWire {
  getPeer(): string;
  sendStatus(status: StatusObject): void;
}

/** One call, from its first byte to its status. */
export class GuardedCall implements CallContext {
  readonly method: GuardedMethod;
  readonly span: ServerSpan;
  readonly deadline: number | undefined;
  principal: Principal = ANYONE;
  readonly #wire: CallWire;
  readonly #journal: CallJournal;
  readonly #startedAt: number;
  readonly #clientMs: number;
  #timer: NodeJS.Timeout | undefined;
  #abort: AbortController | undefined;
  #reason: string | undefined;
  #over = false;
  #hears = false;

  constructor(
    method: GuardedMethod,
    wire: CallWire,
    journal: CallJournal,
    span: ServerSpan,
    clientMs: number,
  ) {
    this.method = method;
    this.span = span;
    this.#wire = wire;
    this.#journal = journal;
    this.#startedAt = journal.clock.monotonic();
    this.#clientMs = clientMs;
    const left = Math.min(clientMs, method.deadlineMs ?? Number.POSITIVE_INFINITY);
    this.deadline = Number.isFinite(left) ? Math.max(0, left) : undefined;
  }

  get peer(): string {
    return this.#wire.getPeer();
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#over) this.#abort.abort();
    return this.#abort.signal;
  }

  /** Whether the call has its status: nothing can be sent any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Ends the call with DEADLINE_EXCEEDED after so many milliseconds, unless it is over or `arrived` before. */
  expireAfter(ms: number): void {
    this.#timer = setTimeout(() => this.fail(deadlineExceeded()), ms);
  }

  /** The request of a call without deadline is here: the call may take as long as it likes. */
  arrived(): void {
    if (this.method.deadlineMs === undefined) clearTimeout(this.#timer);
  }

  /** From now on the caller must say something once in so many milliseconds, or the call ends. */
  expectWords(ms: number): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(silentTooLong()), ms);
    this.#hears = true;
  }

  /** The caller said something. */
  heard(): void {
    if (this.#hears) this.#timer?.refresh();
  }

  /** Ends the call over something thrown: a problem is told, anything else is a bug that only the log learns of. */
  fail(thrown: unknown): void {
    if (isProblem(thrown)) {
      if (this.#over) return;
      this.#reason = thrown.reason;
      this.#wire.sendStatus(problemStatus(thrown, this.#clientMs - this.#elapsed()));
    } else if (!this.#over || !isAbort(thrown)) {
      this.#journal.bug(this, thrown);
      if (this.#over) return;
      this.#reason = "INTERNAL";
      this.#wire.sendStatus(problemStatus(internalFault(this.span.traceId)));
    }
  }

  #elapsed(): number {
    return this.#journal.clock.monotonic() - this.#startedAt;
  }

  /** The call is over, whoever ended it. Only the first time counts. */
  finish(code: status): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.span.end(code);
    this.#journal.finished(this, code, this.#reason, this.#elapsed());
    if (code !== status.OK || this.method.shape !== "unary") this.#abort?.abort();
  }
}

/** What an aborted wait rejects with; no bug once the call is over. */
function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "AbortError";
}
