import type { IdentityProvider } from "@leasehold/dev-provider";
import { type BackingPostgres, type BackingRedis, guardedFolder } from "@leasehold/testkit";
import type { ClusterOptions } from "./cluster-options.ts";
import { openStores, urlsOf } from "./cluster-stores.ts";
import { openSignIn } from "./cluster-sign-in.ts";
import { environmentOf } from "./environment.ts";
import { makeSecrets } from "./secrets.ts";
import { storeSettings } from "./store-settings.ts";
import { type RunningService, startService } from "./running-service.ts";
import { type ServiceKind, type ServiceName, SERVICES } from "./service-name.ts";

/** Where the services listen: `127.0.0.1:port`. */
export interface ClusterAddresses {
  readonly issuer: string;
  readonly activation: string;
  /** Of the first seat-broker. */
  readonly seatBroker: string;
  readonly seatBrokers: readonly string[];
}

/** A whole cluster on this machine; nothing of it outlives its disposal, or this process. */
export interface Cluster extends AsyncDisposable {
  readonly deployment: string;
  readonly addresses: ClusterAddresses;
  /** Bearer secret of an administrator who may do everything. */
  readonly adminToken: string;
  readonly adminTokenFile: string;
  /** Public root key to pin, 64 hex digits. */
  readonly trustRoot: string;
  /** With whom people sign in, in this process; `undefined` if nobody can. */
  readonly identityProvider: IdentityProvider | undefined;
  readonly postgres: BackingPostgres;
  readonly redis: BackingRedis;
  /** Of the cluster's own logical database. */
  readonly redisUrl: string;
  /** Ends a service with SIGKILL. */
  kill(service: ServiceName): Promise<void>;
  /** Drains a service if it runs, and starts it again at the same address. Resolves when it is serving. */
  restart(service: ServiceName): Promise<void>;
  /** Stops a service in its tracks: connections stay open and nothing is answered. */
  pause(service: ServiceName): void;
  resume(service: ServiceName): void;
  /** The last lines of a service. */
  logs(service: ServiceName): readonly string[];
}

const DEPLOYMENT = "dev.leasehold.local";

/** Resolves when every service is serving; otherwise throws with the last lines of the one that is not. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("cluster"));
  const secrets = await makeSecrets(folder.path);
  const stores = stack.use(await openStores(options.stores));
  const signIn = options.signIn === true ? await openSignIn(folder.path, stack) : undefined;
  const services = new Map<ServiceName, RunningService>();
  stack.defer(() => endAll(services));
  const start = async (
    name: ServiceName,
    kind: ServiceKind,
    addresses: { issuer?: string; activation?: string },
    number = 1,
  ) => {
    const environment = environmentOf(kind, {
      deployment: DEPLOYMENT,
      secrets,
      stores: await storeSettings(folder.path, name, urlsOf(stores, kind, number)),
      addresses,
      identityProvidersFile: signIn?.file,
      options,
    });
    const service = await startService({
      name,
      facts: SERVICES[kind],
      environment,
      onEnd: options.onEnd ?? (() => {}),
    });
    services.set(name, service);
    return service.address;
  };
  const issuer = await start("issuer", "issuer", {});
  const activation = await start("activation", "activation", { issuer });
  const seatBroker = await start("seat-broker", "seat-broker", { issuer, activation });
  const seatBrokers = [seatBroker];
  for (let number = 2; number <= (options.seatBrokers ?? 1); number += 1)
    seatBrokers.push(
      await start(`seat-broker-${number}`, "seat-broker", { issuer, activation }, number),
    );

  const letGo = stack.move();
  return {
    deployment: DEPLOYMENT,
    addresses: { issuer, activation, seatBroker, seatBrokers },
    adminToken: secrets.adminToken,
    adminTokenFile: secrets.adminTokenFile,
    trustRoot: secrets.trustRoot,
    identityProvider: signIn?.provider,
    postgres: stores.postgres,
    redis: stores.redis,
    redisUrl: stores.redisUrl(1),
    kill: (service) => named(services, service).kill(),
    restart: (service) => named(services, service).restart(),
    pause: (service) => named(services, service).pause(),
    resume: (service) => named(services, service).resume(),
    logs: (service) => named(services, service).logs(),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Together, as each waits a while for whoever still finds it. */
async function endAll(services: ReadonlyMap<ServiceName, RunningService>): Promise<void> {
  await Promise.all([...services.values()].map((service) => service[Symbol.asyncDispose]()));
}

function named(
  services: ReadonlyMap<ServiceName, RunningService>,
  name: ServiceName,
): RunningService {
  const service = services.get(name);
  if (service === undefined) throw new RangeError(`this cluster has no ${name}`);
  return service;
}
