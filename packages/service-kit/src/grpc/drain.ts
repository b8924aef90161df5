import { setTimeout as pause } from "node:timers/promises";
import type { Server } from "@grpc/grpc-js";
import type { Log } from "../log/log.ts";
import type { CallJournal } from "./call-journal.ts";
import { draining } from "./call-problems.ts";
import type { ServiceBinding } from "./handlers.ts";
import type { Health } from "./health.ts";
import type { Listening } from "./listen.ts";

/** How long a server takes to leave, in milliseconds. */
export interface DrainOptions {
  /** For load balancers to learn that it leaves. */
  readonly endpointsMs: number;
  /** For the bindings to say goodbye on their streams. */
  readonly goodbyeMs: number;
  /** For the last calls to be answered; what is left then is cut off. */
  readonly limitMs: number;
}

const DEFAULT_DRAIN: DrainOptions = { endpointsMs: 0, goodbyeMs: 5_000, limitMs: 10_000 };

interface Leaving {
  readonly grpc: Server;
  readonly listening: Listening;
  readonly health: Health;
  readonly journal: CallJournal;
  readonly bindings: readonly ServiceBinding[];
  readonly log: Log;
}

/** NOT_SERVING, wait for the endpoints, goodbye on the streams, last answers, close. */
export async function drainServer(
  leaving: Leaving,
  given: Partial<DrainOptions> = {},
): Promise<void> {
  const { grpc, listening, health, journal, bindings, log } = leaving;
  const { endpointsMs, goodbyeMs, limitMs } = { ...DEFAULT_DRAIN, ...given };
  health.drain();
  if (endpointsMs > 0) await pause(endpointsMs);
  // The transport does not know when the connections that it was handed are gone.
  const closed = listening.stop();
  grpc.tryShutdown(() => {});
  await atMost(goodbyeMs, sayGoodbye(bindings, log));
  for (const stream of journal.streams) stream.fail(draining());
  await atMost(limitMs, closed);
  grpc.forceShutdown();
  listening[Symbol.dispose]();
}

async function sayGoodbye(bindings: readonly ServiceBinding[], log: Log): Promise<void> {
  for (const outcome of await Promise.allSettled(bindings.map(async ({ onDrain }) => onDrain())))
    if (outcome.status === "rejected")
      log.error({ err: outcome.reason as unknown }, "a goodbye failed");
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, pause(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
