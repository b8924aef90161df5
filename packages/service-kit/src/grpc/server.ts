import { Server as GrpcServer, type ServerCredentials } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@leasehold/kernel";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Log } from "../log/log.ts";
import { bindService, guardedMethods } from "./bind-services.ts";
import { type AccessLog, CallJournal } from "./call-journal.ts";
import { type DrainOptions, drainServer } from "./drain.ts";
import { guard } from "./guard.ts";
import type { ServiceBinding } from "./handlers.ts";
import { Health, type HealthProbe } from "./health.ts";
import { DEFAULT_LIMITS, type Limits, serverOptions } from "./limits.ts";
import { listen } from "./listen.ts";
import { listenForProbes } from "./listen-for-probes.ts";
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
  const journal = new CallJournal({
    log: options.log,
    clock: options.clock ?? systemClock,
    accessLog: options.accessLog ?? "all",
  });
  const services = options.bindings.map(({ definition }) => definition.fullName);
  const interceptor = guard({
    methods: guardedMethods(options.bindings),
    authenticate: options.authenticate,
    journal,
    mostUnary: limits.unaryCalls,
    mostStreams: limits.streams,
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
  const probes = await listenForProbes(options.healthAddress, health).catch(health.giveUp);
  const { port, address } = await listen(grpc, options).catch((thrown: unknown) => {
    probes.close();
    return health.giveUp(thrown);
  });
  const { bindings, log } = options;
  log.info({ address }, "serving");
  let left: Promise<void> | undefined;
  const drain = (): Promise<void> =>
    (left ??= drainServer({ grpc, health, journal, bindings, log }, options.drain).finally(
      probes.close,
    ));
  return { port, address, drain, [Symbol.asyncDispose]: drain };
}
