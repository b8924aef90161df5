import {
  accessTo,
  type ClusterAccess,
  type ClusterStores,
  environmentOf,
  type Launch,
  makeCertificates,
  makeSecrets,
  openStores,
  type RunningService,
  type Secrets,
  type ServiceKind,
  SERVICES,
  startService,
  storeSettings,
  urlsOf,
} from "@leasehold/dev-cluster/parts";
import { guardedFolder } from "@leasehold/testkit";
import { KINDS, type Version } from "../version/version.ts";

/** One of two that run of each service. */
export interface Replica {
  /** For example `issuer 2`. */
  readonly name: string;
  readonly kind: ServiceKind;
  readonly address: string;
  readonly version: Version;
}

/** Two of each service over one Postgres and one Redis, each of a version of its own. */
export interface MixedCluster extends ClusterAccess, AsyncDisposable {
  readonly trustRoot: string;
  readonly adminToken: string;
  readonly stores: ClusterStores;
  /** Whether services know each other by certificates: if all versions can. */
  readonly tls: boolean;
  /** As they stand now. */
  replicas(): readonly Replica[];
  /** Replaces one by the same of another version, at the same address. Resolves when that serves. */
  turn(name: string, to: Version): Promise<void>;
  /** What ended without having been asked to. */
  readonly surprises: readonly string[];
}

const DEPLOYMENT = "drill.leasehold.local";
const NUMBERS = [1, 2] as const;

/** Starts all of one version. */
export async function startMixed(
  first: Version,
  versions: readonly Version[],
): Promise<MixedCluster> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("mixed"));
  const secrets = await makeSecrets(folder.path);
  const tls = versions.every(({ settings }) => settings.has("ISSUER_TLS_CERTIFICATE_FILE"));
  const certificates = tls ? await makeCertificates(folder.path) : undefined;
  const stores = stack.use(await openStores());
  const surprises: string[] = [];
  const parts = { folder: folder.path, secrets, stores, certificates, surprises };
  const running = new Map<string, Replica & { readonly service: RunningService }>();
  stack.defer(async () => {
    await Promise.all([...running.values()].map(({ service }) => service[Symbol.asyncDispose]()));
  });
  const launchOf = (kind: ServiceKind, number: number, version: Version) => {
    const at = (of: ServiceKind) => running.get(`${of} ${number}`)?.service.internalAddress ?? "";
    const addresses = { issuer: at("issuer"), activation: at("activation") };
    return launch(kind, number, version, { ...parts, addresses });
  };
  for (const number of NUMBERS)
    for (const kind of KINDS) {
      const service = await startService(await launchOf(kind, number, first));
      const name = `${kind} ${number}`;
      running.set(name, { name, kind, address: service.address, version: first, service });
    }
  const letGo = stack.move();
  return {
    ...accessTo(certificates),
    trustRoot: secrets.trustRoot,
    adminToken: secrets.adminToken,
    stores,
    tls,
    surprises,
    replicas: () => [...running.values()],
    turn: async (name, to) => {
      const replica = running.get(name);
      if (!replica) throw new RangeError(`there is no ${name}`);
      const number = Number(name.split(" ")[1]);
      await replica.service.replace(await launchOf(replica.kind, number, to));
      running.set(name, { ...replica, version: to });
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function launch(
  kind: ServiceKind,
  number: number,
  version: Version,
  parts: {
    readonly folder: string;
    readonly secrets: Secrets;
    readonly stores: ClusterStores;
    readonly certificates: Awaited<ReturnType<typeof makeCertificates>> | undefined;
    readonly addresses: { readonly issuer: string; readonly activation: string };
    readonly surprises: string[];
  },
): Promise<Launch> {
  const { folder, secrets, stores, certificates, addresses, surprises } = parts;
  const environment = environmentOf(kind, {
    deployment: DEPLOYMENT,
    secrets,
    stores: await storesOf(kind, number, version, { folder, stores }),
    addresses,
    transport: certificates?.settingsOf(kind),
    options: { fence: "1s" },
  });
  return {
    name: kind,
    facts: { ...SERVICES[kind], main: version.mains[kind] },
    environment,
    understands: (setting) => version.settings.has(setting),
    authorities: certificates?.authorities,
    onEnd: (_, ending, lines) =>
      surprises.push(`${kind} ${number}, ${version.name}, ended with ${ending}: ${lines.at(-1)}`),
  };
}

/** What a version is told of its stores: one that takes no file with Redis' password has it in the URL. */
async function storesOf(
  kind: ServiceKind,
  number: number,
  { settings }: Version,
  { folder, stores }: { readonly folder: string; readonly stores: ClusterStores },
) {
  const urls = urlsOf(stores, kind, number);
  const told = await storeSettings(folder, `${kind}-${number}`, urls);
  const takesFile = settings.has(`${SERVICES[kind].prefix}_REDIS_PASSWORD_FILE`);
  return takesFile ? told : { ...told, REDIS_URL: urls.redisUrl };
}
