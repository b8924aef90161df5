import { randomBytes } from "node:crypto";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { activation } from "@leasehold/contracts";
import {
  claimLogicalDatabase,
  createDatabase,
  databaseUrl,
  freePort,
  guardedFolder,
} from "@leasehold/testkit";
import type { Cluster } from "./cluster.ts";
import { makeSecrets, type Secrets } from "./secrets.ts";
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
export interface Site extends AsyncDisposable {
  readonly deployment: string;
  readonly addresses: { readonly activation: string; readonly seatBroker: string };
  /** Bearer secret of an administrator of the site. */
  readonly adminToken: string;
  readonly adminTokenFile: string;
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

/** Starts a site beside a cluster, on the same Postgres and Redis. Resolves when both services are serving. */
export async function startSite(
  cluster: Pick<Cluster, "addresses" | "postgres" | "redis">,
  options: SiteOptions,
): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("site"));
  const secrets = await makeSecrets(folder.path);
  const redis = stack.use(await claimLogicalDatabase(cluster.redis.url));
  const services = new Map<SiteServiceName, RunningService>();
  const databases = new Map<SiteServiceName, string>();
  const start = async (name: SiteServiceName, settings: Settings, at?: string) => {
    const { name: database, url } = await databaseOf(cluster, name, stack);
    databases.set(name, database);
    const environment = environmentOf(name, secrets, { DATABASE_URL: url, ...settings });
    const launch = { name, facts: SERVICES[name], environment, onEnd: () => {} };
    const service = stack.use(await startService(launch, at));
    services.set(name, service);
    return service.address;
  };
  const ownSeatBroker = `127.0.0.1:${await freePort()}`;
  const settings = activationSettings(secrets, options, {
    vendor: cluster.addresses.seatBroker,
    vendorActivation: cluster.addresses.activation,
    ownSeatBroker,
    redisUrl: redis.url,
  });
  const activationAddress = await start("activation", settings);
  const trustRoot = await trustRootOf(activationAddress, secrets.adminToken);
  await start(
    "seat-broker",
    seatBrokerSettings(secrets, { redisUrl: redis.url, activationAddress, trustRoot }),
    ownSeatBroker,
  );
  const letGo = stack.move();
  const named = (name: SiteServiceName) => {
    const service = services.get(name);
    if (!service) throw new RangeError(`a site has no ${name}`);
    return service;
  };
  return {
    deployment: DEPLOYMENT,
    addresses: { activation: activationAddress, seatBroker: ownSeatBroker },
    trustRoot,
    adminToken: secrets.adminToken,
    adminTokenFile: secrets.adminTokenFile,
    activationDatabase: databases.get("activation") ?? "",
    redisUrl: redis.url,
    kill: (service) => named(service).kill(),
    restart: (service) => named(service).restart(),
    logs: (service) => named(service).logs(),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

function activationSettings(
  secrets: Secrets,
  options: SiteOptions,
  addresses: {
    readonly vendor: string;
    readonly vendorActivation: string;
    readonly ownSeatBroker: string;
    readonly redisUrl: string;
  },
): Settings {
  return {
    REDIS_URL: addresses.redisUrl,
    SITE_DIRECTORY: options.directory,
    SITE_VENDOR_SEAT_BROKERS: addresses.vendor,
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
    readonly redisUrl: string;
    readonly activationAddress: string;
    readonly trustRoot: string;
  },
): Settings {
  return {
    REDIS_URL: facts.redisUrl,
    ACTIVATION_ADDRESS: facts.activationAddress,
    SERVICE_TOKEN_FILE: secrets.serviceTokenFiles["seat-broker"],
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
async function trustRootOf(activationAddress: string, token: string): Promise<string> {
  const { getSite } = activation.SiteServiceDefinition.methods;
  const client = new Client(activationAddress, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        `/${activation.SiteServiceDefinition.fullName}/${getSite.name}`,
        (request: activation.GetSiteRequest) =>
          Buffer.from(activation.GetSiteRequest.encode(request).finish()),
        (bytes: Buffer) => activation.GetSiteResponse.decode(bytes),
        {},
        metadata,
        (failure, response) => {
          if (failure) reject(failure);
          else resolve(response?.site?.trustRoot ?? "");
        },
      );
    });
  } finally {
    client.close();
  }
}
