import type { Log } from "../log/log.ts";

/** When the process is to stop. */
export interface Shutdown {
  /** Aborts when it is. */
  readonly signal: AbortSignal;
  /** Asks for it from within, for example because a task that must not end has ended. The exit code is then 1. */
  request(cause: unknown): void;
}

/** A shutdown that the process is waiting for. */
export interface AwaitedShutdown extends Shutdown, Disposable {
  /** Resolves once it is asked for: to the exit code. */
  readonly requested: Promise<number>;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Listens for SIGTERM and SIGINT, and for errors that nobody caught: after those nothing
 * is certain any more, and the process leaves in order. A second signal ends it at once.
 */
export function awaitShutdown(process: NodeJS.Process, log: Log): AwaitedShutdown {
  const abort = new AbortController();
  const { promise: requested, resolve } = Promise.withResolvers<number>();
  const stop = (code: number): void => {
    abort.abort();
    resolve(code);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) process.exit(1);
    log.info({ signal }, "stopping");
    stop(0);
  };
  const onUncaught = (err: unknown): void => {
    log.error({ err }, "an error that nobody caught");
    stop(1);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on("uncaughtException", onUncaught);
  process.on("unhandledRejection", onUncaught);
  return {
    signal: abort.signal,
    requested,
    request(cause) {
      if (abort.signal.aborted) return;
      log.error({ err: cause }, "stopping over a failure");
      stop(1);
    },
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off("uncaughtException", onUncaught);
      process.off("unhandledRejection", onUncaught);
    },
  };
}
