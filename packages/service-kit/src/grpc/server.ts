import { Server as GrpcServer, type ServerCredentials } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@leasehold/kernel";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Log } from "../log/log.ts";
import { admission } from "./admission.ts";
import { awaitedRequests } from "./awaited-requests.ts";
import { bindService, guardedMethods } from "./bind-services.ts";
import { type AccessLog, CallJournal } from "./call-journal.ts";
import { type CallRates, callRates, type CountCall, DEFAULT_CALL_RATES } from "./call-rates.ts";
import { type DrainOptions, drainServer } from "./drain.ts";
import { guard } from "./guard.ts";
import type { ServiceBinding } from "./handlers.ts";
import { Health, type HealthProbe } from "./health.ts";
import { DEFAULT_LIMITS, type Limits, serverOptions } from "./limits.ts";
import { listen } from "./listen.ts";
import { type LoopDelay, measureLoopDelay } from "./load-shedding.ts";
import { addReflection } from "./reflection.ts";
import { guardSessions } from "./session-guard.ts";

/** What to serve, and how. */
export interface ServeOptions {
  /** Host and port, for example `127.0.0.1:7403`; port 0 takes a free one. */
  readonly address: string;
  readonly bindings: readonly ServiceBinding[];
  readonly authenticate: Authenticator;
  /** The stores that the health of every service follows. */
  readonly stores?: readonly HealthProbe[];
  /** How often they are asked, in milliseconds; a second if absent. */
  readonly probeEveryMs?: number;
  readonly log: Log;
  readonly clock?: Pick<Clock, "monotonic">;
  /** Every call gets a line in the log, or only those that failed. `all` if absent. */
  readonly accessLog?: AccessLog;
  /** Whether tools may ask what is served; off if absent. */
  readonly reflection?: boolean;
  readonly limits?: Partial<Limits>;
  /** How often one network may call; `DEFAULT_CALL_RATES` where a class is not named. */
  readonly rates?: Partial<CallRates>;
  /** Whether calls from this machine are counted too; not if absent. */
  readonly countsLoopback?: boolean;
  /** How late the event loop is; measured if absent. */
  readonly loopDelay?: LoopDelay;
  readonly drain?: Partial<DrainOptions>;
  /** Transport security. Without it the address must be loopback, unless `plaintext` says otherwise. */
  readonly credentials?: ServerCredentials;
  readonly plaintext?: boolean;
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Host and port that it listens on. */
  readonly address: string;
  /** Leaves in order: NOT_SERVING, goodbye on the streams, last answers, close. Repeated calls wait for the first. */
  drain(): Promise<void>;
}

/**
 * Serves, behind the guard, with health.
 * @throws Error if a method carries no complete rule, or the address cannot be had.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  const accessLog = options.accessLog ?? "all";
  const journal = new CallJournal({ log: options.log, clock, accessLog });
  const services = options.bindings.map(({ definition }) => definition.fullName);
  const methods = guardedMethods(options.bindings);
  using opening = new DisposableStack();
  const interceptor = guard({
    methods,
    authenticate: options.authenticate,
    journal,
    refusalOfLoad: admission({
      journal,
      mostUnary: limits.unaryCalls,
      mostStreams: limits.streams,
      loopDelay: options.loopDelay ?? opening.use(measureLoopDelay()).delay,
      countCall: countingCalls(options, clock),
    }),
    awaited: awaitedRequests(limits.awaitedPerNetwork),
    silenceMs: limits.silenceMs,
  });
  const largest = Math.max(...Array.from(methods.values(), ({ requestBytes }) => requestBytes));
  const grpc = new GrpcServer({ ...serverOptions(limits, largest), interceptors: [interceptor] });
  for (const binding of options.bindings) bindService(grpc, binding);
  const health = opening.use(healthOf(options, services));
  health.addTo(grpc);
  if (options.reflection) await addReflection(grpc, services);
  await health.watch();
  const { port, address } = await listen(grpc, options);
  guardSessions(grpc, { clock, serves: (path) => methods.has(path) || TOOLS.test(path) });
  const { bindings, log } = options;
  log.info({ address }, "serving");
  const kept = opening.move();
  const leaving = { grpc, health, journal, bindings, log };
  let left: Promise<void> | undefined;
  const drain = (): Promise<void> =>
    (left ??= drainServer(leaving, options.drain).finally(() => kept.dispose()));
  return { port, address, drain, [Symbol.asyncDispose]: drain };
}

/** What is served besides the bindings, for tools. */
const TOOLS = /^\/grpc\.(health\.v1\.Health|reflection\.v1(alpha)?\.ServerReflection)\/\w{1,32}$/;

function countingCalls(options: ServeOptions, clock: Pick<Clock, "monotonic">): CountCall {
  const rates = { ...DEFAULT_CALL_RATES, ...options.rates };
  return callRates({ rates, clock, countsLoopback: options.countsLoopback ?? false });
}

function healthOf(options: ServeOptions, services: readonly string[]): Health {
  const { stores: probes = [], probeEveryMs: everyMs = 1_000, log } = options;
  return new Health({ services, probes, everyMs, log });
}
