import type { Log } from "../log/log.ts";
import type { ConnectionMetrics } from "../metrics/connection-metrics.ts";

/** Why a connection was closed that could carry no calls, or no more. */
export type Refusal =
  /** As many as may be are open. */
  | "full"
  /** As many as may be are open from its network. */
  | "network-full"
  /** It had not done what opens a connection in time. */
  | "silent"
  /** The TLS handshake failed: version, certificate, authority. */
  | "handshake"
  /** It does not speak HTTP/2. */
  | "protocol"
  /** Its certificate verifies, and is of no service of this cluster. */
  | "no-service"
  /** There was something to send, and nothing went either way. */
  | "stalled";

/** So long nothing more is told after a line, in milliseconds. */
const QUIET_MS = 1_000;

/** Counts refused connections, and tells of them at most once a second: an attacker writes no log. */
export class RefusalLog implements Disposable {
  readonly #log: Log;
  readonly #listener: string;
  readonly #counts = new Map<Refusal, number>();
  #last: Readonly<Record<string, unknown>> = {};
  #quiet: NodeJS.Timeout | undefined;
  readonly #metrics: ConnectionMetrics | undefined;

  constructor(log: Log, listener: string, metrics?: ConnectionMetrics) {
    this.#metrics = metrics;
    this.#log = log;
    this.#listener = listener;
  }

  /** @param facts of this one, which stands for all that are told of together */
  count(refusal: Refusal, facts: Readonly<Record<string, unknown>>): void {
    this.#metrics?.refused(this.#listener, refusal);
    this.#counts.set(refusal, (this.#counts.get(refusal) ?? 0) + 1);
    this.#last = facts;
    if (this.#quiet === undefined) this.#tell();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#quiet);
    this.#tell();
    clearTimeout(this.#quiet);
  }

  #tell(): void {
    this.#quiet = undefined;
    if (this.#counts.size === 0) return;
    const refused = Object.fromEntries(this.#counts);
    this.#counts.clear();
    this.#log.warn(
      { listener: this.#listener, refused, last: this.#last },
      "connections were refused",
    );
    this.#quiet = setTimeout(() => this.#tell(), QUIET_MS).unref();
  }
}
