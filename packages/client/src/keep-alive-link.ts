import { setTimeout as pause } from "node:timers/promises";
import { msFromDuration, type seatBroker } from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import type { BrokerRing } from "./broker-ring.ts";
import type { BrokerClient } from "./dial-broker.ts";
import type { InstallationCredentials } from "./installation-credentials.ts";
import { scaled } from "./lease-timeline.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/** Whom the link tells what arrives. */
interface LinkListener {
  /** A stream has opened: what was sent on an earlier one is not answered any more. */
  opened(): void;
  answered(seq: bigint, renewals: readonly seatBroker.Renewal[]): void;
  licenseChanged(change: seatBroker.LicenseChanged): void;
  seatRevoked(revoked: seatBroker.SeatRevoked): void;
  /** No stream is open; another one is tried. */
  closed(problem: Problem | undefined): void;
}

/** What the link needs. */
export interface LinkPorts {
  readonly brokers: BrokerRing;
  readonly credentials: Pick<InstallationCredentials, "correct" | "offset">;
  readonly elapsed: ElapsedClock;
  /** 0 to 1, evenly. */
  readonly chance: () => number;
  /** The shortest validity that has to be kept up, in milliseconds; waits are in proportion to it. */
  readonly pace: () => number;
  readonly listener: LinkListener;
}

interface Attempt {
  readonly call: ReturnType<BrokerClient["keepAlive"]>;
  readonly abort: AbortController;
  readonly since: number;
  /** The clock offset of the credentials that it was opened with. */
  readonly dated: number;
  opened: boolean;
  /** From when on another seat-broker may be asked, if this one said that it is going away. */
  resumeAt?: number;
}

const SHORTEST_OPENING_MS = 1_000;
const FIRST_BACKOFF_MS = 1_000;
/** 1, 2, 4 s at C = 45 s, as heartbeats are repeated: longer waits would eat up the outage that holders survive. */
const MOST_DOUBLINGS = 2;

/** Keeps one KeepAlive stream open, to whichever seat-broker answers. */
export class KeepAliveLink implements AsyncDisposable {
  readonly #ports: LinkPorts;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #attempt: Attempt | undefined;
  #seq = 0n;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
    this.#running = this.#run();
  }

  /** Sends heartbeats. @returns the message's number, or `undefined` if no stream is open */
  send(heartbeats: seatBroker.Heartbeat[]): bigint | undefined {
    if (!this.#attempt?.opened) return undefined;
    this.#attempt.call.send({ seq: ++this.#seq, heartbeats });
    return this.#seq;
  }

  /** Turns to the next seat-broker, if the one in use had its chance and kept silent. */
  leave(): void {
    const attempt = this.#attempt;
    if (attempt && this.#ports.elapsed() - attempt.since >= this.#ports.pace() / 8)
      attempt.abort.abort("silent");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { brokers, credentials, listener } = this.#ports;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const attempt = this.#open();
      const problem = await this.#follow(attempt);
      this.#attempt = undefined;
      if (this.#closing.signal.aborted) return;
      listener.closed(problem);
      const corrected = credentials.correct(problem, attempt.dated);
      // A connection that failed would be made again only after a pause of its own, which grows.
      const broken = isProblem(problem, "DEPENDENCY_UNAVAILABLE");
      if (broken || attempt.abort.signal.aborted) await brokers.discard();
      if (!corrected) brokers.turn();
      failures = attempt.opened ? 0 : failures + 1;
      await this.#wait(attempt, failures, problem);
    }
  }

  #open(): Attempt {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#closing.signal]);
    const { brokers, credentials, elapsed } = this.#ports;
    const dated = credentials.offset;
    const call = brokers.current().keepAlive({ signal });
    call.send({ seq: ++this.#seq, heartbeats: [] });
    this.#attempt = { call, abort, since: elapsed(), dated, opened: false };
    return this.#attempt;
  }

  /** Listens until the stream ends. */
  async #follow(attempt: Attempt): Promise<Problem | undefined> {
    const patience = Math.max(SHORTEST_OPENING_MS, this.#ports.pace() / 8);
    const opening = setTimeout(() => attempt.abort.abort("silent"), patience);
    let goodbye: NodeJS.Timeout | undefined;
    try {
      for await (const message of attempt.call) {
        if (!attempt.opened) {
          clearTimeout(opening);
          attempt.opened = true;
          this.#ports.listener.opened();
        }
        const draining = this.#deliver(message);
        if (draining === undefined) continue;
        attempt.resumeAt = this.#ports.elapsed() + draining;
        clearTimeout(goodbye);
        goodbye = setTimeout(() => attempt.abort.abort("draining"), draining);
      }
      return undefined;
    } catch (failure) {
      if (!isProblem(failure)) throw failure;
      return failure;
    } finally {
      clearTimeout(opening);
      clearTimeout(goodbye);
    }
  }

  /** @returns how long to wait before reconnecting, if the server is going away */
  #deliver({ seq, renewals, event }: seatBroker.KeepAliveResponse): number | undefined {
    const { listener, pace } = this.#ports;
    if (seq > 0n) listener.answered(seq, renewals);
    const told = event?.event;
    // An event that this version does not know arrives as none at all.
    if (told?.$case === "licenseChanged") listener.licenseChanged(told.value);
    if (told?.$case === "seatRevoked") listener.seatRevoked(told.value);
    if (told?.$case !== "draining") return undefined;
    const { retryAfter } = told.value;
    return Math.min(retryAfter ? msFromDuration(retryAfter) : 0, pace() / 4);
  }

  async #wait(
    { abort, resumeAt }: Attempt,
    failures: number,
    problem: Problem | undefined,
  ): Promise<void> {
    const { brokers, elapsed, chance, pace } = this.#ports;
    const backoff = scaled(FIRST_BACKOFF_MS * 2 ** Math.min(failures, MOST_DOUBLINGS), pace());
    let ms = backoff * (0.5 + chance() / 2);
    // Once every seat-broker refused; and never for so long that a seat would be lost over it.
    if (failures >= brokers.count)
      ms = Math.max(ms, Math.min((problem?.retryAfterMs ?? 0) * (1 + chance() / 10), pace() / 4));
    if (resumeAt !== undefined) ms = resumeAt - elapsed();
    else if (abort.signal.aborted && failures <= 1) ms = 0;
    try {
      await pause(Math.max(0, ms), undefined, { signal: this.#closing.signal });
    } catch {
      // The link is closing, which its loop sees for itself.
    }
  }
}
