import { randomBytes } from "node:crypto";
import { activation } from "@leasehold/contracts";
import { type Channel, client } from "@leasehold/rpc-client";
import {
  claimLogicalDatabase,
  createDatabase,
  databaseUrl,
  freePort,
  guardedFolder,
} from "@leasehold/testkit";
import { makeCertificates } from "./cluster-certificates.ts";
import { accessTo, type ClusterAccess } from "./cluster-access.ts";
import type { Cluster } from "./cluster.ts";
import { makeSecrets, type Secrets } from "./secrets.ts";
import { storeSettings } from "./store-settings.ts";
import { type RunningService, startService } from "./running-service.ts";
import { SERVICES } from "./service-name.ts";

/** What a license server at a customer's site is set up with. */
export interface SiteOptions {
  /** Of the site's installation, which is unlocked at the vendor's cluster. */
  readonly directory: string;
  /** How many seats it wants. */
  readonly seats: number;
  /** For how long it wants to be on its own, with its unit; `1h` unless told. */
  readonly term?: string;
  /** How many seats may use a feature whose seats the license limits: `dataflow=2`. */
  readonly featureSeats?: string;
  /** A file for the exchanges with the vendor. */
  readonly exchangeLogFile?: string;
}

/** A license server at a customer's site: the same two services, with databases of their own. */
export interface Site extends ClusterAccess, AsyncDisposable {
  readonly deployment: string;
  readonly addresses: { readonly activation: string; readonly seatBroker: string };
  /** Bearer secret of an administrator of the site. */
  readonly adminToken: string;
  readonly adminTokenFile: string;
  /** Bearer secret of an administrator who may do nothing. */
  readonly powerlessToken: string;
  /** The site's public root key, 64 hex digits. */
  readonly trustRoot: string;
  /** The name of the activation service's database. */
  readonly activationDatabase: string;
  readonly redisUrl: string;
  kill(service: SiteServiceName): Promise<void>;
  restart(service: SiteServiceName): Promise<void>;
  logs(service: SiteServiceName): readonly string[];
}

/** One service of a site. */
export type SiteServiceName = "activation" | "seat-broker";

const DEPLOYMENT = "site.leasehold.local";

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Starts a site beside a cluster, on the same Postgres and Redis, and with an authority of its own if the
 * cluster has one. Resolves when both services are serving.
 */
export async function startSite(
  cluster: Pick<Cluster, "addresses" | "authoritiesFile" | "postgres" | "redis">,
  options: SiteOptions,
): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("site"));
  const secrets = await makeSecrets(folder.path);
  const { authoritiesFile: vendorAuthorities } = cluster;
  const certificates = vendorAuthorities ? await makeCertificates(folder.path) : undefined;
  const redis = stack.use(await claimLogicalDatabase(cluster.redis.url));
  const services = new Map<SiteServiceName, RunningService>();
  const databases = new Map<SiteServiceName, string>();
  const start = async (name: SiteServiceName, settings: Settings, at?: string) => {
    const { name: database, url } = await databaseOf(cluster, name, stack);
    databases.set(name, database);
    const stores = { databaseUrl: url, redisUrl: redis.url };
    const environment = environmentOf(name, secrets, {
      ...(await storeSettings(folder.path, name, stores)),
      ...certificates?.settingsOf(name),
      ...settings,
    });
    const authorities = certificates?.authorities;
    const launch = { name, facts: SERVICES[name], environment, authorities, onEnd: () => {} };
    const service = stack.use(await startService(launch, at));
    services.set(name, service);
    return service;
  };
  const ownSeatBroker = `127.0.0.1:${await freePort()}`;
  const { seatBroker: vendor, activation: vendorActivation } = cluster.addresses;
  const addresses = { vendor, vendorAuthorities, vendorActivation, ownSeatBroker };
  const settings = activationSettings(secrets, options, addresses);
  const { address: activationAddress, internalAddress } = await start("activation", settings);
  const access = accessTo(certificates);
  const trustRoot = await trustRootOf(access.connect(activationAddress), secrets.adminToken);
  await start(
    "seat-broker",
    seatBrokerSettings(secrets, {
      activationAddress: internalAddress,
      serviceToken: certificates ? undefined : secrets.serviceTokenFiles["seat-broker"],
      trustRoot,
    }),
    ownSeatBroker,
  );
  const letGo = stack.move();
  return {
    deployment: DEPLOYMENT,
    ...access,
    addresses: { activation: activationAddress, seatBroker: ownSeatBroker },
    trustRoot,
    ...toldOf(secrets),
    activationDatabase: databases.get("activation") ?? "",
    redisUrl: redis.url,
    kill: (service) => namedIn(services, service).kill(),
    restart: (service) => namedIn(services, service).restart(),
    logs: (service) => namedIn(services, service).logs(),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Of the secrets, what a site tells. */
function toldOf({ adminToken, adminTokenFile, powerlessToken }: Secrets) {
  return { adminToken, adminTokenFile, powerlessToken };
}

function namedIn(
  services: ReadonlyMap<SiteServiceName, RunningService>,
  name: SiteServiceName,
): RunningService {
  const service = services.get(name);
  if (!service) throw new RangeError(`a site has no ${name}`);
  return service;
}

function activationSettings(
  secrets: Secrets,
  options: SiteOptions,
  addresses: {
    readonly vendor: string;
    readonly vendorAuthorities: string | undefined;
    readonly vendorActivation: string;
    readonly ownSeatBroker: string;
  },
): Settings {
  return {
    SITE_DIRECTORY: options.directory,
    SITE_VENDOR_SEAT_BROKERS: addresses.vendor,
    SITE_VENDOR_AUTHORITIES_FILE: addresses.vendorAuthorities,
    SITE_VENDOR_ACTIVATION: addresses.vendorActivation,
    SITE_SEATS: String(options.seats),
    SITE_FEATURE_SEATS: options.featureSeats,
    SITE_TERM: options.term ?? "1h",
    SITE_SEAT_BROKER: addresses.ownSeatBroker,
    SITE_SEAT_BROKER_TOKEN_FILE: secrets.adminTokenFile,
    SITE_KEY_ENCRYPTION_KEY_FILE: secrets.keyEncryptionKeyFile,
    SITE_LEASE_PUBLIC_KEYS_FILE: secrets.leasePublicKeysFile,
    CHALLENGE_KEYS_FILE: secrets.challengeKeysFile,
    SITE_EXCHANGE_LOG_FILE: options.exchangeLogFile,
  };
}

function seatBrokerSettings(
  secrets: Secrets,
  facts: {
    readonly activationAddress: string;
    readonly serviceToken: string | undefined;
    readonly trustRoot: string;
  },
): Settings {
  return {
    ACTIVATION_ADDRESS: facts.activationAddress,
    SERVICE_TOKEN_FILE: facts.serviceToken,
    TRUST_ROOT: facts.trustRoot,
    LEASE_TOKEN_KEYS_FILE: secrets.leaseTokenKeysFile,
    LEASE_KEY_FILE: secrets.leaseKeyFile,
    FENCE: "500ms",
  };
}

async function databaseOf(
  { postgres }: Pick<Cluster, "postgres">,
  service: SiteServiceName,
  stack: AsyncDisposableStack,
): Promise<{ readonly name: string; readonly url: string }> {
  const prefix = SERVICES[service].prefix.toLowerCase();
  const name = `leasehold_site_${prefix}_${randomBytes(4).toString("hex")}`;
  const owner = { role: name, password: randomBytes(24).toString("base64url") };
  stack.use(await createDatabase(postgres.url, name, owner));
  return { name, url: databaseUrl(postgres.url, name, owner) };
}

function environmentOf(
  name: SiteServiceName,
  secrets: Secrets,
  own: Settings,
): Readonly<Record<string, string>> {
  const settings: Settings = {
    DEPLOYMENT,
    BEARER_TOKENS_FILE: secrets.bearerTokensFiles[name],
    REFLECTION: "on",
    DRAIN: "1s",
    ...own,
  };
  const environment: Record<string, string> = { PATH: process.env["PATH"] ?? "" };
  for (const [setting, value] of Object.entries(settings))
    if (value !== undefined) environment[`${SERVICES[name].prefix}_${setting}`] = value;
  return environment;
}

/** What tells the seat-broker, and client computers, whom to believe; made at the first start. */
async function trustRootOf(channel: Channel, token: string): Promise<string> {
  await using open = channel;
  const metadata = () => ({ authorization: `Bearer ${token}` });
  const { site } = await client(activation.SiteServiceDefinition, open, { metadata }).getSite({});
  return site?.trustRoot ?? "";
}
