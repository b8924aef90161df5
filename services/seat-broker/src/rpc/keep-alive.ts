import { durationFromMs, type seatBroker } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import type { CallContext, DuplexHandler, ServerDuplex } from "@leasehold/service-kit";
import type { Pool } from "../domain/pool.ts";
import type { LicenseWatchers } from "../use-cases/license-watchers.ts";
import type { BrokerEvents, PoolStore, SeatStore } from "../use-cases/ports.ts";
import { readLicense } from "../use-cases/read-license.ts";
import { type Caller, callerOf } from "./caller.ts";
import { answerHeartbeats, type HeartbeatPorts } from "./heartbeats.ts";
import { presentChange } from "./present.ts";
import { streamDefect, tooManyHeartbeats, tooManyMessages } from "./stream-problems.ts";
import { MOST_HEARTBEATS } from "./parse.ts";

export interface KeepAlivePorts extends HeartbeatPorts {
  readonly seats: SeatStore;
  readonly pools: PoolStore;
  readonly watchers: LicenseWatchers;
  readonly events: BrokerEvents;
}

type Request = seatBroker.KeepAliveRequest;
type Response = seatBroker.KeepAliveResponse;
type Stream = ServerDuplex<Request, Response>;

/** All open streams of the process. */
export interface KeepAliveStreams {
  readonly handle: DuplexHandler<Request, Response>;
  /**
   * Asks every client to go elsewhere, each after a wait of its own up to `spreadMs`.
   * Resolves when all have gone.
   */
  sayGoodbye(spreadMs: number, chance: () => number): Promise<void>;
}

/** Messages of one stream that may wait for their answers. A client that keeps to its heartbeat has one. */
const MOST_UNANSWERED = 64;

// A heartbeat goes from here to the renewals' shared queue without a use case in between:
// it is the one thing that a client does all the time, and there is nothing to decide.
export function keepAliveStreams(ports: KeepAlivePorts): KeepAliveStreams {
  const open = new Set<Stream>();
  let emptied: (() => void) | undefined;

  function opened(stream: Stream, signal: AbortSignal): void {
    open.add(stream);
    signal.addEventListener("abort", () => {
      open.delete(stream);
      if (open.size === 0) emptied?.();
    });
  }

  return {
    handle: (stream, call) => {
      const caller = callerOf(call);
      opened(stream, call.signal);
      void begin(ports, stream, call, caller).catch((error: unknown) => {
        if (isProblem(error)) return stream.fail(error);
        ports.events.streamFailed(error);
        stream.fail(streamDefect(error));
      });
    },
    sayGoodbye: async (spreadMs, chance) => {
      if (open.size === 0) return;
      const gone = new Promise<void>((resolve) => (emptied = resolve));
      for (const stream of open) stream.send(draining(chance() * spreadMs));
      await gone;
    },
  };
}

/** The license first; only then is read what the client sends. */
async function begin(
  ports: KeepAlivePorts,
  stream: Stream,
  { signal }: CallContext,
  caller: Caller,
): Promise<void> {
  let revision = 0n;
  const tell = (pool: Pool): void => {
    if (pool.revision <= revision) return;
    revision = pool.revision;
    stream.send(event({ $case: "licenseChanged", value: presentChange(pool) }));
  };
  // Watched before it is read, so that no change is missed in between.
  const unwatch = ports.watchers.watch(caller.license, tell);
  signal.addEventListener("abort", unwatch);
  if (signal.aborted) unwatch();
  tell(await readLicense(ports, caller.license));
  answer(ports, stream, caller);
}

function answer(ports: KeepAlivePorts, stream: Stream, caller: Caller): void {
  const verified = new Map<string, bigint>();
  let unanswered = 0;
  let ended = false;

  async function respond(seq: bigint, heartbeats: Request["heartbeats"]): Promise<void> {
    const renewals = await answerHeartbeats(ports, caller, heartbeats, verified);
    stream.send({ seq, renewals, event: undefined });
    unanswered -= 1;
    if (ended && unanswered === 0) stream.end();
  }

  stream.onMessage(({ seq, heartbeats }) => {
    if (heartbeats.length > MOST_HEARTBEATS) return stream.fail(tooManyHeartbeats());
    if (unanswered >= MOST_UNANSWERED) return stream.fail(tooManyMessages());
    unanswered += 1;
    void respond(seq, heartbeats);
  });
  stream.onEnd(() => {
    ended = true;
    if (unanswered === 0) stream.end();
  });
}

function draining(retryAfterMs: number): Response {
  return event({
    $case: "draining",
    value: { retryAfter: durationFromMs(Math.round(retryAfterMs)) },
  });
}

function event(told: NonNullable<seatBroker.KeepAliveEvent["event"]>): Response {
  return { seq: 0n, renewals: [], event: { event: told } };
}
