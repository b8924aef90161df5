import {
  accessTo,
  type ClusterAccess,
  type ClusterCertificates,
  environmentOf,
  makeCertificates,
  makeSecrets,
  type RunningService,
  type Secrets,
  type ServiceKind,
  SERVICES,
  startService,
  storeSettings,
} from "@leasehold/dev-cluster/parts";
import { KINDS } from "../version/version.ts";

/** What a deployment is wherever it runs: its secrets, and how its servers are known. */
export interface Deployment extends ClusterAccess {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly adminToken: string;
  readonly trustRoot: string;
  readonly certificates: ClusterCertificates;
}

/** Where its stores are. */
export interface RegionStores {
  readonly databaseUrls: Readonly<Record<ServiceKind, string>>;
  readonly redisUrl: string;
}

/** One of each service, on stores of one place. Disposal drains and ends them. */
export interface Region extends AsyncDisposable {
  readonly addresses: {
    readonly issuer: string;
    readonly activation: string;
    readonly seatBroker: string;
    readonly seatBrokers: readonly string[];
  };
  readonly services: Readonly<Record<ServiceKind, RunningService>>;
}

/** How long an earlier Redis may go on. */
const FENCE = "4s";

/** @param folder that only the caller can enter */
export async function newDeployment(folder: string): Promise<Deployment> {
  const secrets = await makeSecrets(folder);
  const certificates = await makeCertificates(folder);
  const { adminToken, trustRoot } = secrets;
  return { folder, secrets, adminToken, trustRoot, certificates, ...accessTo(certificates) };
}

/** Starts the services. @param seatBrokerAt where the seat-broker listens; anywhere if absent */
export async function startRegion(
  { folder, secrets, certificates }: Deployment,
  stores: RegionStores,
  seatBrokerAt?: string,
): Promise<Region> {
  await using stack = new AsyncDisposableStack();
  const running = new Map<ServiceKind, RunningService>();
  for (const kind of KINDS) {
    const redisUrl = kind === "issuer" ? undefined : stores.redisUrl;
    const urls = { databaseUrl: stores.databaseUrls[kind], redisUrl };
    const environment = environmentOf(kind, {
      deployment: "disaster.leasehold.local",
      secrets,
      stores: await storeSettings(folder, kind, urls),
      addresses: {
        issuer: running.get("issuer")?.internalAddress ?? "",
        activation: running.get("activation")?.internalAddress ?? "",
      },
      transport: certificates.settingsOf(kind),
      options: { fence: FENCE },
    });
    const { authorities } = certificates;
    const launch = { name: kind, facts: SERVICES[kind], environment, authorities, onEnd: () => {} };
    const at = kind === "seat-broker" ? seatBrokerAt : undefined;
    running.set(kind, stack.use(await startService(launch, at)));
  }
  const serviceOf = (kind: ServiceKind): RunningService => {
    const service = running.get(kind);
    if (!service) throw new Error(`there is no ${kind}`);
    return service;
  };
  const services = {
    issuer: serviceOf("issuer"),
    activation: serviceOf("activation"),
    "seat-broker": serviceOf("seat-broker"),
  };
  const seatBroker = services["seat-broker"].address;
  const letGo = stack.move();
  return {
    addresses: {
      issuer: services.issuer.address,
      activation: services.activation.address,
      seatBroker,
      seatBrokers: [seatBroker],
    },
    services,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}
