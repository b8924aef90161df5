import { Server as GrpcServer } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@leasehold/kernel";
import type { Authenticator } from "../auth/authenticator.ts";
import { withinPerimeter } from "../auth/perimeter.ts";
import type { Transport } from "../tls/transport.ts";
import type { Log } from "../log/log.ts";
import { bindService, guardedMethods } from "./bind-services.ts";
import { type AccessLog, CallJournal } from "./call-journal.ts";
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
import { arrivalIn, listen } from "./listen.ts";
import { addReflection } from "./reflection.ts";

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
  readonly drain?: Partial<DrainOptions>;
  /** Where services of the cluster alone are let in; it needs the transport's certificates. */
  readonly internalAddress?: string | undefined;
  /** Certificates. Without one the address must be loopback, unless `plaintext` says otherwise. */
  readonly transport?: Pick<Transport, "server" | "service"> | undefined;
  readonly plaintext?: boolean;
  /** What each listener bears. */
  readonly connections?: Partial<ConnectionLimits>;
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
  const journal = new CallJournal({
    log: options.log,
    clock: options.clock ?? systemClock,
    accessLog: options.accessLog ?? "all",
  });
  const services = options.bindings.map(({ definition }) => definition.fullName);
  const connections = { ...DEFAULT_CONNECTION_LIMITS, ...options.connections };
  const guards = {
    public: new ConnectionGuard("public", connections, options.log),
    internal: new ConnectionGuard("internal", connections, options.log),
  };
  const internal = options.internalAddress !== undefined;
  const interceptor = guard({
    methods: guardedMethods(options.bindings),
    authenticate: withinPerimeter(options.authenticate, { internal }),
    journal,
    mostUnary: limits.unaryCalls,
    mostStreams: limits.streams,
    arrivalOf: arrivalIn(guards),
    internal,
  });
  const grpc = new GrpcServer({ ...serverOptions(limits), interceptors: [interceptor] });
  for (const binding of options.bindings) bindService(grpc, binding);
  const health = new Health({
    services,
    probes: options.stores ?? [],
    everyMs: options.probeEveryMs ?? 1_000,
    log: options.log,
  });
  health.addTo(grpc);
  if (options.reflection) await addReflection(grpc, services);
  await health.watch();
  const listening = await listen(grpc, guards, { ...options, limits: connections }).catch(
    (thrown: unknown) => {
      health.drain();
      throw thrown;
    },
  );
  const { bindings, log } = options;
  const { port, address, internalAddress } = listening;
  log.info({ address, ...(internal && { internalAddress }) }, "serving");
  let left: Promise<void> | undefined;
  const drain = (): Promise<void> =>
    (left ??= drainServer({ grpc, listening, health, journal, bindings, log }, options.drain));
  return { port, address, internalAddress, drain, [Symbol.asyncDispose]: drain };
}
