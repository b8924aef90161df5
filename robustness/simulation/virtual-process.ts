import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@leasehold/kernel";
import type { VirtualTime } from "./virtual-time.ts";

/** What runs at this moment, as against the simulation itself. */
const running = new AsyncLocalStorage<VirtualProcess>();

/** The process whose code calls this; `undefined` outside of all. */
export function runningProcess(): VirtualProcess | undefined {
  return running.getStore();
}

/** A planned call; what `setTimeout` returns within a process. */
export interface VirtualTimer {
  /** By the process' own monotonic clock. */
  readonly due: number;
  readonly call: () => void;
  over: boolean;
  /** As of the platform's timers; nothing waits for these anyway. */
  unref(): VirtualTimer;
}

/** When the clocks of all machines began, in milliseconds since 1970. */
export const CLOCKS_START = Date.UTC(2030, 0, 1);

/**
 * A process on a machine with clocks of its own. It may be killed, stopped (its clocks go on)
 * or asleep with its machine (the monotonic clock stands still).
 */
export class VirtualProcess {
  readonly name: string;
  readonly clock: Clock;
  /** How many of its milliseconds a true one is. */
  readonly rate: number;
  readonly #time: VirtualTime;
  readonly #ended = new AbortController();
  #waiting: (() => void)[] | undefined;
  #asleepSince: number | undefined;
  #slept = 0;

  constructor(time: VirtualTime, name: string, rate = 1) {
    this.#time = time;
    this.name = name;
    this.rate = rate;
    this.clock = {
      now: () => CLOCKS_START + Math.floor(time.now * rate),
      monotonic: () => ((this.#asleepSince ?? time.now) - this.#slept) * rate,
    };
  }

  /** Fires when it is killed. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get isUp(): boolean {
    return !this.#ended.signal.aborted;
  }

  get isAsleep(): boolean {
    return this.#asleepSince !== undefined;
  }

  get isAtWork(): boolean {
    return this.isUp && this.#waiting === undefined;
  }

  /** Runs code as a part of this process. */
  run<T>(code: () => T): T {
    return running.run(this, code);
  }

  /** Runs code when the process can: at once, when it goes on, or never. */
  deliver(code: () => void): void {
    if (!this.isUp) return;
    if (this.#waiting) this.#waiting.push(code);
    else this.run(code);
  }

  /** Ends it without a word. */
  kill(): void {
    this.#waiting = undefined;
    this.#ended.abort();
  }

  stop(): void {
    this.#waiting ??= [];
  }

  fallAsleep(): void {
    this.stop();
    this.#asleepSince ??= this.#time.now;
  }

  goOn(): void {
    if (this.#asleepSince !== undefined) this.#slept += this.#time.now - this.#asleepSince;
    this.#asleepSince = undefined;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const code of waiting) this.deliver(code);
  }

  /** Calls back after so many of its own milliseconds. */
  setTimer(ms: number, call: () => void): VirtualTimer {
    const due = this.clock.monotonic() + Math.max(ms, 0);
    const timer: VirtualTimer = { due, call, over: false, unref: () => timer };
    this.#plan(timer);
    return timer;
  }

  /** Waits so many of its own milliseconds, or until the signal fires. */
  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = this.setTimer(ms, () => {
        signal?.removeEventListener("abort", cut);
        resolve();
      });
      const cut = (): void => {
        timer.over = true;
        resolve();
      };
      signal?.addEventListener("abort", cut, { once: true });
    });
  }

  #plan(timer: VirtualTimer): void {
    const left = (timer.due - this.clock.monotonic()) / this.rate;
    this.#time.in(left, () => this.deliver(() => this.#fire(timer)));
  }

  #fire(timer: VirtualTimer): void {
    if (timer.over) return;
    // It slept in between.
    if (timer.due - this.clock.monotonic() > 0.001) return this.#plan(timer);
    timer.over = true;
    timer.call();
  }
}
