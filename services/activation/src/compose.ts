import { activation } from "@leasehold/contracts";
import { connect } from "@leasehold/rpc-client";
import {
  bearerAuthenticator,
  firstOf,
  installationAuthenticator,
  type Kit,
  serve,
  type Server,
  serveSettings,
  inBackground,
  pause,
} from "@leasehold/service-kit";
import {
  channelWatches,
  migrate,
  openPostgres,
  pingPostgres,
  replyPruning,
} from "@leasehold/store-kit";
import { grpcIssuer } from "./clients/grpc-issuer.ts";
import { type Authority, composeSite } from "./compose-site.ts";
import type { SiteConfig } from "./config-site.ts";
import type { ActivationConfig } from "./config.ts";
import { type Events, events } from "./events.ts";
import { activationService } from "./rpc/activation-service.ts";
import { FEED_CHANNEL, postgresFeed } from "./store/postgres-feed.ts";
import { postgresInstallations } from "./store/postgres-installations.ts";
import { postgresReplies } from "./store/postgres-replies.ts";
import { postgresTrust } from "./store/postgres-trust.ts";
import { followLicenses } from "./use-cases/follow-licenses.ts";
import type { EntitlementFeed } from "./use-cases/ports.ts";
import { recallTrust, type TrustPorts } from "./use-cases/refresh-trust.ts";

const MIGRATIONS = new URL("../migrations/", import.meta.url);
const STATEMENT_TIMEOUT_MS = 4_000;
/** A change that nobody was notified of is found this late. */
const FEED_POLL_MS = 2_000;

/** The service as it runs. */
export interface Activation extends AsyncDisposable {
  readonly server: Server;
}

/** Puts the service together: what is made last is let go first. A site is its own issuer. */
export async function compose(
  config: ActivationConfig | SiteConfig,
  kit: Pick<Kit, "log" | "clock" | "random">,
): Promise<Activation> {
  await using stack = new AsyncDisposableStack();
  const report = events(kit.log);
  const stores = await openStores(config, report, stack);
  const authority =
    "siteDirectory" in config
      ? await composeSite(config, kit, { stores, stack })
      : issuerAuthority(config, stack);
  const { issuer } = authority;
  const trust = trustPorts(config, authority, stores.trust);
  report.trustRecalled(await recallTrust(trust));
  inBackground(stack, (signal) =>
    followLicenses(
      { issuer, feed: stores.feed, trust, pause, random: Math.random, report: report.followed },
      signal,
    ),
  );
  const server = stack.use(await listen(config, kit, { stores, authority, trust, report }));
  const letGo = stack.move();
  return { server, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

/** The vendor's own: the issuer of the cluster decides. */
function issuerAuthority(config: ActivationConfig, stack: AsyncDisposableStack): Authority {
  const issuer = grpcIssuer(stack.use(connect(config.issuerAddress)), config.serviceToken);
  return { issuer, trustRoot: config.trustRoot, bindings: [] };
}

async function openStores(
  config: ActivationConfig | SiteConfig,
  report: Events,
  stack: AsyncDisposableStack,
) {
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
    replies: postgresReplies(postgres),
    trust: postgresTrust(postgres),
    health: { name: "postgres", check: () => pingPostgres(postgres) },
  };
}

type Stores = Awaited<ReturnType<typeof openStores>>;

function trustPorts(
  { deployment }: Pick<ActivationConfig, "deployment">,
  { issuer, trustRoot: rootKey }: Authority,
  store: Stores["trust"],
): TrustPorts {
  return { issuer, store, inForce: { bundle: undefined }, deployment, rootKey };
}

function listen(
  config: ActivationConfig | SiteConfig,
  { log, clock, random }: Pick<Kit, "log" | "clock" | "random">,
  parts: {
    readonly stores: Stores;
    readonly authority: Authority;
    readonly trust: TrustPorts;
    readonly report: Events;
  },
): Promise<Server> {
  const { stores, authority, trust, report } = parts;
  const { issuer } = authority;
  const { installations, replies, feed } = stores;
  const { salesContact, deployment } = config;
  const binding = activationService({
    unlock: {
      issuer,
      installations,
      replies,
      clock,
      random,
      salesContact,
      report: report.unlocked,
    },
    installations,
    watch: { feed, trust: stores.trust },
  });
  const authenticate = firstOf(
    bearerAuthenticator(config.bearerTokens),
    installationAuthenticator({
      trust: () => trust.inForce.bundle,
      deployment,
      service: activation.ActivationServiceDefinition.fullName,
      clock,
    }),
  );
  return serve({
    ...serveSettings(config),
    bindings: [binding, ...authority.bindings],
    authenticate,
    stores: [stores.health],
    log,
    clock,
  });
}
