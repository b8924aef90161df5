import { type DestinationStream, destination, pino } from "pino";
import { errorFacts } from "./error-facts.ts";
import type { Log } from "./log.ts";
import { scrub } from "./scrub.ts";
import { withhold } from "./withhold.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A log that writes JSON lines. */
export interface JsonLog extends Log {
  /** Resolves once everything is written, or nobody reads it any more. Before the process ends. */
  flush(): Promise<void>;
}

/** Where a log goes; standard output, without waiting for it, if not given. */
export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly to?: DestinationStream;
}

/** The log of a service. */
export function createLog({ service, level, to }: LogOptions): JsonLog {
  const stdout = to === undefined ? destination({ fd: 1, sync: false }) : undefined;
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (facts: Record<string, unknown>) => ({ ...withhold(facts) }),
    },
    serializers: { err: (thrown: unknown) => errorFacts(thrown) },
    hooks: { streamWrite: scrub },
  };
  const log = pino(options, to ?? stdout ?? destination(1));
  return {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
    flush: () => flush(stdout),
  };
}

/** How long a reader may take for the last lines, in milliseconds. */
const FLUSH_MS = 1_000;

/** In the background, as every write before: a synchronous flush would overtake one that is under way. */
function flush(stdout: { flush(done: () => void): void } | undefined): Promise<void> {
  if (!stdout) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_MS);
    stdout.flush(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
