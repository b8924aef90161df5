import type { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Log } from "../log/log.ts";

/** A store that a service cannot do without. */
export interface HealthProbe {
  readonly name: string;
  /** Resolves if the store answers, rejects if it does not. */
  check(): Promise<unknown>;
}

/** What the health service follows. */
export interface HealthOptions {
  /** Full names of the services; the empty name, the server itself, is added. */
  readonly services: readonly string[];
  readonly probes: readonly HealthProbe[];
  /** How often the probes are asked, in milliseconds; a probe that takes as long has failed. */
  readonly everyMs: number;
  readonly log: Log;
}

/** Asked for by its name, it tells whether the process answers: SERVING, whatever the stores say, until the end. */
const PROCESS = "process";

/** `grpc.health.v1.Health`: SERVING while every store answers and the server stays. */
export class Health implements Disposable {
  readonly #implementation = new HealthImplementation();
  readonly #options: HealthOptions;
  readonly #failing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #draining = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#implementation.setStatus(PROCESS, "SERVING");
    this.#publish();
  }

  addTo(server: Server): void {
    this.#implementation.addToServer(server);
  }

  /** Asks every probe now, and from now on regularly. */
  async watch(): Promise<void> {
    await Promise.all(this.#options.probes.map((probe) => this.#ask(probe)));
    this.#publish();
    if (this.#draining || this.#options.probes.length === 0) return;
    this.#timer = setTimeout(() => void this.watch(), this.#options.everyMs).unref();
  }

  /** NOT_SERVING from now on, whatever the probes say. */
  drain(): void {
    this.#draining = true;
    clearTimeout(this.#timer);
    this.#publish();
  }

  [Symbol.dispose](): void {
    this.drain();
  }

  async #ask(probe: HealthProbe): Promise<void> {
    const { log, everyMs } = this.#options;
    try {
      await within(everyMs, probe);
      if (this.#failing.delete(probe.name)) log.info({ store: probe.name }, "store answers again");
    } catch (err) {
      if (!this.#failing.has(probe.name))
        log.warn({ store: probe.name, err }, "store does not answer");
      this.#failing.add(probe.name);
    }
  }

  #publish(): void {
    const serving = !this.#draining && this.#failing.size === 0;
    for (const name of ["", ...this.#options.services])
      this.#implementation.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
  }
}

function within(ms: number, probe: HealthProbe): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${probe.name} took longer than ${ms} ms`)),
    ms,
  );
  return Promise.race([probe.check(), late.promise]).finally(() => clearTimeout(timer));
}
