import type { IdentityProvider, PersonFacts } from "@leasehold/dev-provider";
import { type BackingPostgres, type BackingRedis, guardedFolder } from "@leasehold/testkit";
import type { ClusterOptions } from "./cluster-options.ts";
import { openStores, urlsOf } from "./cluster-stores.ts";
import { openSignIn } from "./cluster-sign-in.ts";
import { accessTo, type ClusterAccess } from "./cluster-access.ts";
import { makeCertificates } from "./cluster-certificates.ts";
import { OWNER, seedOwner } from "./seed-owner.ts";
import { environmentOf } from "./environment.ts";
import { makeSecrets, type Secrets } from "./secrets.ts";
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
export interface Cluster extends ClusterAccess, AsyncDisposable {
  readonly deployment: string;
  readonly addresses: ClusterAddresses;
  /** Where services are let in; the same in plaintext. The first seat-broker's. */
  readonly internalAddresses: Omit<ClusterAddresses, "seatBrokers">;
  /** Where each service's metrics are read: `http://127.0.0.1:port/metrics`. */
  readonly metricsUrls: ReadonlyMap<ServiceName, string>;
  /** Bearer secret of an administrator who may do everything. */
  readonly adminToken: string;
  readonly adminTokenFile: string;
  /** Bearer secret of an administrator who may do nothing. */
  readonly powerlessToken: string;
  /** What services show when they call others, each in a file. */
  readonly serviceTokenFiles: Secrets["serviceTokenFiles"];
  /** Public root key to pin, 64 hex digits. */
  readonly trustRoot: string;
  /** With whom people sign in, in this process; `undefined` if nobody can. */
  readonly identityProvider: IdentityProvider | undefined;
  /** Who signs in as the owner of the deployment; `undefined` if nobody can sign in. */
  readonly owner: PersonFacts | undefined;
  /** The file with the token that made the owner, of no use any more; `undefined` if there is none. */
  readonly bootstrapTokenFile: string | undefined;
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
  const certificates = options.tls === false ? undefined : await makeCertificates(folder.path);
  const stores = stack.use(await openStores(options.stores));
  const signIn = options.signIn === true ? await openSignIn(folder.path, stack) : undefined;
  const services = new Map<ServiceName, RunningService>();
  stack.defer(() => endAll(services));
  const start: Start = async (name, kind, addresses, number = 1) => {
    const environment = environmentOf(kind, {
      deployment: DEPLOYMENT,
      secrets,
      stores: await storeSettings(folder.path, name, urlsOf(stores, kind, number)),
      addresses,
      identityProvidersFile: signIn?.file,
      transport: certificates?.settingsOf(kind),
      bootstrapTokenFile: signIn && secrets.bootstrapTokenFile,
      options,
    });
    const service = await startService({
      name,
      facts: SERVICES[kind],
      environment,
      authorities: certificates?.authorities,
      onEnd: options.onEnd ?? (() => {}),
    });
    services.set(name, service);
    return service;
  };
  const { addresses, internalAddresses } = await startAll(start, options.seatBrokers);
  const access = accessTo(certificates);
  if (signIn) {
    await using channel = access.connect(addresses.issuer);
    await seedOwner(channel, signIn.provider, secrets.bootstrapToken);
  }
  const letGo = stack.move();
  return {
    deployment: DEPLOYMENT,
    addresses,
    internalAddresses,
    metricsUrls: new Map(
      [...services].map(([name, { metricsAddress }]) => [name, `http://${metricsAddress}/metrics`]),
    ),
    ...access,
    ...toldOf(secrets),
    identityProvider: signIn?.provider,
    owner: signIn && OWNER,
    bootstrapTokenFile: signIn && secrets.bootstrapTokenFile,
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

/** Of the secrets, what a cluster tells. */
function toldOf(secrets: Secrets) {
  const { adminToken, adminTokenFile, powerlessToken, serviceTokenFiles, trustRoot } = secrets;
  return { adminToken, adminTokenFile, powerlessToken, serviceTokenFiles, trustRoot };
}

/** Starts a service; the number is a seat-broker's, from 1. */
type Start = (
  name: ServiceName,
  kind: ServiceKind,
  addresses: { readonly issuer?: string; readonly activation?: string },
  number?: number,
) => Promise<RunningService>;

/** One after the other, as each has to find those before it: at their internal addresses. */
async function startAll(
  start: Start,
  count = 1,
): Promise<Pick<Cluster, "addresses" | "internalAddresses">> {
  const issuer = await start("issuer", "issuer", {});
  const toIssuer = { issuer: issuer.internalAddress };
  const activation = await start("activation", "activation", toIssuer);
  const others = { ...toIssuer, activation: activation.internalAddress };
  const seatBroker = await start("seat-broker", "seat-broker", others);
  const seatBrokers = [seatBroker.address];
  for (let number = 2; number <= count; number += 1)
    seatBrokers.push((await start(`seat-broker-${number}`, "seat-broker", others, number)).address);
  return {
    addresses: {
      issuer: issuer.address,
      activation: activation.address,
      seatBroker: seatBroker.address,
      seatBrokers,
    },
    internalAddresses: { ...others, seatBroker: seatBroker.internalAddress },
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
