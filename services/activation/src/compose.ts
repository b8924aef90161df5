import { activation } from "@leasehold/contracts";
import { connect } from "@leasehold/rpc-client";
import {
  type Authenticator,
  bearerAuthenticator,
  firstOf,
  installationAuthenticator,
  type Kit,
  serve,
  type Server,
  type ServiceBinding,
  serveSettings,
  inBackground,
  pause,
  peopleAuthenticator,
} from "@leasehold/service-kit";
import {
  channelWatches,
  migrate,
  openPostgres,
  pingPostgres,
  replyPruning,
} from "@leasehold/store-kit";
import { grpcIssuer } from "./clients/grpc-issuer.ts";
import { composeNamedUsers } from "./compose-named-users.ts";
import { composeUnlock } from "./compose-unlock.ts";
import { composeInstallations } from "./compose-installations.ts";
import { MESSAGE_BYTES, resourceBindings } from "./compose-resources.ts";
import { offlineBindings } from "./compose-offline.ts";
import type { ActivationConfig } from "./config.ts";
import { type Events, events } from "./events.ts";
import { activationService } from "./rpc/activation-service.ts";
import { FEED_CHANNEL, postgresFeed } from "./store/postgres-feed.ts";
import { postgresInstallations } from "./store/postgres-installations.ts";
import {
  postgresKeyedInstallations,
  postgresOfflineRequests,
} from "./store/postgres-offline-requests.ts";
import { postgresTrust } from "./store/postgres-trust.ts";
import { followLicenses } from "./use-cases/follow-licenses.ts";
import type { EntitlementFeed, Issuer } from "./use-cases/ports.ts";
import { recallTrust, type TrustPorts } from "./use-cases/refresh-trust.ts";

const MIGRATIONS = new URL("../migrations/", import.meta.url);
const SERVICE = activation.ActivationServiceDefinition.fullName;
const STATEMENT_TIMEOUT_MS = 4_000;
/** A change that nobody was notified of is found this late. */
const FEED_POLL_MS = 2_000;

/** The service as it runs. */
export interface Activation extends AsyncDisposable {
  readonly server: Server;
}

/** Puts the service together: what is made last is let go first. */
export async function compose(
  config: ActivationConfig,
  kit: Pick<Kit, "log" | "clock" | "random">,
): Promise<Activation> {
  await using stack = new AsyncDisposableStack();
  const report = events(kit.log);
  const stores = await openStores(config, report, stack);
  const channel = stack.use(connect(config.issuerAddress));
  const issuer = grpcIssuer(channel, config.serviceToken);
  const people = peopleAuthenticator({ ...config, issuer: channel, clock: kit.clock });
  const trust = trustPorts(config, issuer, stores.trust);
  report.trustRecalled(await recallTrust(trust));
  inBackground(stack, (signal) =>
    followLicenses(
      { issuer, feed: stores.feed, trust, pause, random: Math.random, report: report.followed },
      signal,
    ),
  );
  const { postgres } = stores;
  const unlocking = await composeUnlock(config, kit, {
    postgres,
    issuer,
    audience: `${config.deployment}/${SERVICE}`,
    report,
    stack,
  });
  const bindings = [
    activationService({
      ...unlocking,
      installations: stores.installations,
      watch: { feed: stores.feed, trust: stores.trust },
    }),
    composeInstallations(config, kit, { postgres, issuer, stack }),
    composeNamedUsers(postgres, kit, {
      serviceToken: config.serviceToken,
      report: report.namingChanged,
    }),
    ...offlineBindings(config, {
      ...stores,
      installations: { ...stores.installations, ...stores.keyedInstallations },
      unlock: unlocking.unlock,
      replies: unlocking.unlock.replies,
      report: report.offlineAnswered,
    }),
    ...resourceBindings(postgres, config.serviceToken, {
      ...kit,
      report: report.resourcesChanged,
    }),
  ];
  const { health } = stores;
  const server = stack.use(await listen(config, kit, { health, trust, people, bindings }));
  const letGo = stack.move();
  return { server, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

async function openStores(config: ActivationConfig, report: Events, stack: AsyncDisposableStack) {
  const postgres = stack.use(
    openPostgres({
      url: config.databaseUrl,
      password: config.databasePassword,
      poolSize: config.databasePool,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: "activation",
      onConnectionLost: report.databaseSessionLost,
    }),
  );
  await migrate(postgres, MIGRATIONS);
  stack.use(replyPruning(postgres, report.pruningFailed));
  const watches = stack.use(channelWatches(postgres, FEED_CHANNEL, FEED_POLL_MS));
  const feed: EntitlementFeed = postgresFeed(postgres, watches);
  return {
    postgres,
    feed,
    installations: postgresInstallations(postgres),
    offlineRequests: postgresOfflineRequests(postgres),
    keyedInstallations: postgresKeyedInstallations(postgres),
    trust: postgresTrust(postgres),
    health: { name: "postgres", check: () => pingPostgres(postgres) },
  };
}

type Stores = Awaited<ReturnType<typeof openStores>>;

function trustPorts(config: ActivationConfig, issuer: Issuer, store: Stores["trust"]): TrustPorts {
  const { deployment, trustRoot: rootKey } = config;
  return { issuer, store, inForce: { bundle: undefined }, deployment, rootKey };
}

function listen(
  config: ActivationConfig,
  { log, clock }: Pick<Kit, "log" | "clock">,
  parts: {
    readonly health: Stores["health"];
    readonly trust: TrustPorts;
    readonly people: Authenticator;
    readonly bindings: readonly ServiceBinding[];
  },
): Promise<Server> {
  const { health, trust, bindings } = parts;
  const { deployment } = config;
  const authenticate = firstOf(
    parts.people,
    bearerAuthenticator(config.bearerTokens),
    installationAuthenticator({
      trust: () => trust.inForce.bundle,
      deployment,
      service: [SERVICE, activation.InstallationServiceDefinition.fullName],
      clock,
    }),
  );
  return serve({
    ...serveSettings(config),
    bindings,
    authenticate,
    stores: [health],
    limits: { messageBytes: MESSAGE_BYTES },
    log,
    clock,
  });
}
