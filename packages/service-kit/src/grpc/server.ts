import { Server as GrpcServer } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@leasehold/kernel";
import type { Authenticator } from "../auth/authenticator.ts";
import { withinPerimeter } from "../auth/perimeter.ts";
import type { Transport } from "../tls/transport.ts";
import type { Log } from "../log/log.ts";
import { callMetrics } from "../metrics/call-metrics.ts";
import { connectionMetrics } from "../metrics/connection-metrics.ts";
import { Metrics } from "../metrics/metrics.ts";
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
import {
  ConnectionGuard,
  type ConnectionLimits,
  DEFAULT_CONNECTION_LIMITS,
} from "./connection-guard.ts";
import { arrivalIn, type Guards, listen } from "./listen.ts";
import { listenForProbes } from "./listen-for-probes.ts";
import { type LoopDelay, measureLoopDelay } from "./load-shedding.ts";
import { addReflection } from "./reflection.ts";

/** What to serve, and how. */
export interface ServeOptions {
  /** Host and port, for example `127.0.0.1:7403`; port 0 takes a free one. */
  readonly address: string;
  readonly bindings: readonly ServiceBinding[];
  readonly authenticate: Authenticator;
  /** The stores that the health of every service follows. */
  readonly stores?: readonly HealthProbe[];
  /** Where probes are answered besides, in plaintext; nowhere if absent. */
  readonly healthAddress?: string | undefined;
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
  /** Where services of the cluster alone are let in; it needs the transport's certificates. */
  readonly internalAddress?: string | undefined;
  /** Certificates. Without one the address must be loopback, unless `plaintext` says otherwise. */
  readonly transport?: Pick<Transport, "server" | "service"> | undefined;
  readonly plaintext?: boolean;
  /** What each listener bears. */
  readonly connections?: Partial<ConnectionLimits>;
  /** Where calls and connections are counted; nobody learns of them if absent. */
  readonly metrics?: Metrics | undefined;
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Host and port that it listens on. */
  readonly address: string;
  /** The same for services; `undefined` if there is no such listener. */
  readonly internalAddress: string | undefined;
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
  using opening = new DisposableStack();
  const metrics = options.metrics ?? new Metrics();
  const counted = opening.use(
    callMetrics(metrics, () => ({
      unary: journal.unary.all,
      streams: journal.openStreams.all,
    })),
  );
  const journal = new CallJournal({ log: options.log, clock, accessLog, metrics: counted });
  const services = options.bindings.map(({ definition }) => definition.fullName);
  const methods = guardedMethods(options.bindings);
  const connections = { ...DEFAULT_CONNECTION_LIMITS, ...options.connections };
  const guards = opening.use(countedGuards(connections, options.log, metrics));
  const internal = options.internalAddress !== undefined;
  const interceptor = guard({
    methods,
    authenticate: withinPerimeter(options.authenticate, { internal }),
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
    arrivalOf: arrivalIn(guards),
    internal,
  });
  const largest = Math.max(...Array.from(methods.values(), ({ requestBytes }) => requestBytes));
  const grpc = new GrpcServer({ ...serverOptions(limits, largest), interceptors: [interceptor] });
  for (const binding of options.bindings) bindService(grpc, binding);
  const health = opening.use(healthOf(options, services));
  health.addTo(grpc);
  if (options.reflection) await addReflection(grpc, services);
  await health.watch();
  const { bindings, log } = options;
  const probes = await listenForProbes(options.healthAddress, { health, clock, log });
  if (probes) opening.use(probes);
  const serves = (path: string): boolean => methods.has(path) || TOOLS.test(path);
  const listening = await listen(grpc, guards, {
    ...options,
    limits: connections,
    sessions: { clock, serves },
  });
  const { port, address, internalAddress } = listening;
  log.info({ address, ...(internal && { internalAddress }) }, "serving");
  const kept = opening.move();
  const leaving = { grpc, listening, health, journal, bindings, log };
  let left: Promise<void> | undefined;
  const drain = (): Promise<void> =>
    (left ??= drainServer(leaving, options.drain).finally(() => kept.dispose()));
  return { port, address, internalAddress, drain, [Symbol.asyncDispose]: drain };
}

/** The guards of both listeners, and their connections among the metrics. */
function countedGuards(limits: ConnectionLimits, log: Log, metrics: Metrics): Guards & Disposable {
  const counted = connectionMetrics(metrics);
  const guards = {
    public: new ConnectionGuard("public", limits, log, counted),
    internal: new ConnectionGuard("internal", limits, log, counted),
  };
  const watch = counted.watch(() => ({
    public: guards.public.size,
    internal: guards.internal.size,
  }));
  return { ...guards, [Symbol.dispose]: () => watch[Symbol.dispose]() };
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
