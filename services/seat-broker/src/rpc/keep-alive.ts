import { durationFromMs, type seatBroker } from "@leasehold/contracts";
import { isProblem, type Uuid } from "@leasehold/kernel";
import type { CallContext, DuplexHandler, ServerDuplex } from "@leasehold/service-kit";
import type { RetrySchedule } from "../domain/retry-schedule.ts";
import { scheduled } from "../domain/seat-problems.ts";
import type { LicenseNews, LicenseWatchers } from "../use-cases/license-watchers.ts";
import type { BrokerEvents, SeatStore } from "../use-cases/ports.ts";
import type { PoolStore } from "../use-cases/pool-ports.ts";
import { readLicense } from "../use-cases/read-license.ts";
import type { StayLimit } from "../use-cases/stay-limit.ts";
import { toldLicense } from "../use-cases/told-license.ts";
import { type Caller, callerOf } from "./caller.ts";
import { encodeAnswer } from "./encode-answer.ts";
import {
  answerHeartbeats,
  type HeartbeatPorts,
  leaseKey,
  memberOf,
  type VerifiedLeases,
} from "./heartbeats.ts";
import { presentChange, presentRevocation } from "./present.ts";
import { streamDefect, tooManyHeartbeats, tooManyMessages } from "./stream-problems.ts";
import { MOST_HEARTBEATS } from "./parse.ts";

export interface KeepAlivePorts extends HeartbeatPorts {
  readonly seats: SeatStore;
  readonly pools: PoolStore;
  readonly watchers: LicenseWatchers;
  readonly events: BrokerEvents;
  readonly streams: StayLimit;
  readonly retries: RetrySchedule;
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
/** Of so many resources a stream tells unasked: more would fill the broker's memory. */
const MOST_RESOURCES = 1_000;

// A heartbeat goes from here to the renewals' shared queue without a use case in between:
// it is the one thing that a client does all the time, and there is nothing to decide.
export function keepAliveStreams(ports: KeepAlivePorts): KeepAliveStreams {
  const open = new Set<Stream>();
  let emptied: (() => void) | undefined;

  function opened(stream: Stream, signal: AbortSignal, stay: Disposable): void {
    const closed = (): void => {
      stay[Symbol.dispose]();
      open.delete(stream);
      if (open.size === 0) emptied?.();
    };
    open.add(stream);
    signal.addEventListener("abort", closed);
    if (signal.aborted) closed();
  }

  return {
    handle: (stream, call) => {
      const caller = callerOf(call);
      const stay = entered(ports, caller);
      opened(stream, call.signal, stay);
      void begin(ports, stream, call, caller).catch((thrown: unknown) => {
        const error = scheduled(thrown, ports.retries);
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

/** @throws Problem RATE_LIMITED, OVERLOADED */
function entered({ streams, retries }: KeepAlivePorts, { installation }: Caller): Disposable {
  try {
    return streams.enter(installation);
  } catch (refusal) {
    throw scheduled(refusal, retries);
  }
}

/** The license first; only then is read what the client sends. */
async function begin(
  ports: KeepAlivePorts,
  stream: Stream,
  call: CallContext,
  caller: Caller,
): Promise<void> {
  const verified: VerifiedLeases = new Map();
  const telling = { stream, signal: call.signal, caller, verified };
  await tellOf(ports, telling, caller.license);
  answer(ports, telling);
}

/** A stream, and what its client is told by. */
interface Telling {
  readonly stream: Stream;
  readonly signal: AbortSignal;
  readonly caller: Caller;
  readonly verified: VerifiedLeases;
}

/** Tells of a pool as it is, and of what happens to it while the stream is open. */
async function tellOf(
  ports: KeepAlivePorts,
  { stream, signal, caller, verified }: Telling,
  id: Uuid,
): Promise<void> {
  const told = toldLicense();
  const learn = (known: Parameters<typeof told.learn>[0]): void => {
    const pool = told.learn(known);
    if (!pool) return;
    const value = presentChange(pool, caller.licenseName);
    stream.send(event({ $case: "licenseChanged", value }));
  };
  const hear = (news: LicenseNews): void => {
    if (news.kind === "barred-changed")
      return tellBarred(ports, { stream, signal, caller, verified });
    if (news.kind !== "seat-revoked") return learn(news);
    const isHeld = verified.has(leaseKey(caller, id, news.member));
    if (news.installation !== caller.installation && !isHeld) return;
    stream.send(event({ $case: "seatRevoked", value: presentRevocation(id, news) }));
  };
  // Watched before it is read, so that no change is missed in between.
  const unwatch = ports.watchers.watch(id, hear);
  signal.addEventListener("abort", unwatch);
  if (signal.aborted) unwatch();
  const pool = await readLicense(ports, id);
  learn({ pool, drain: pool.drain });
}

/** Tells an installation that is barred now of each seat of its license that it proved to have on the stream. */
function tellBarred({ barred }: KeepAlivePorts, { stream, caller, verified }: Telling): void {
  const { license, installation } = caller;
  if (!barred.has(license, installation)) return;
  for (const key of verified.keys()) {
    const member = memberOf(key);
    // Its leases of resources are over with their next heartbeats.
    if (member === undefined) continue;
    const value = presentRevocation(license, { member, reason: "INSTALLATION_DISABLED" });
    stream.send(event({ $case: "seatRevoked", value }));
  }
}

/** Tells of each resource that the client holds a seat of, once it is met. */
function meeting(ports: KeepAlivePorts, telling: Telling): (pool: Uuid) => void {
  const met = new Set<Uuid>();
  return (pool) => {
    if (met.has(pool) || met.size >= MOST_RESOURCES) return;
    met.add(pool);
    tellOf(ports, telling, pool).catch((error: unknown) => {
      // Heartbeats tell what matters, and what happens from here on is told.
      if (!isProblem(error)) ports.events.streamFailed(error);
    });
  };
}

function answer(ports: KeepAlivePorts, telling: Telling): void {
  const { stream, caller, verified } = telling;
  const meet = meeting(ports, telling);
  const next = { tokens: ports.tokens, installation: caller.installation };
  let unanswered = 0;
  let ended = false;

  async function respond(seq: bigint, heartbeats: Request["heartbeats"]): Promise<void> {
    const answered = await answerHeartbeats(ports, caller, heartbeats, verified, meet);
    stream.sendEncoded(encodeAnswer(seq, next, answered));
    unanswered -= 1;
    if (ended && unanswered === 0) stream.end();
  }

  stream.onMessage(({ seq, heartbeats }) => {
    if (heartbeats.length > MOST_HEARTBEATS) return stream.fail(tooManyHeartbeats());
    if (unanswered >= MOST_UNANSWERED) return stream.fail(tooManyMessages());
    unanswered += 1;
    respond(seq, heartbeats).catch((error: unknown) => {
      ports.events.streamFailed(error);
      stream.fail(streamDefect(error));
    });
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
