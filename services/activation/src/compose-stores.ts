import { blaming } from "@leasehold/service-kit";
import {
  channelWatches,
  migrate,
  openPostgres,
  pingPostgres,
  type Postgres,
  replyPruning,
} from "@leasehold/store-kit";
import type { ActivationConfig } from "./config.ts";
import type { SiteConfig } from "./config-site.ts";
import type { Events } from "./events.ts";
import { FEED_CHANNEL, postgresFeed } from "./store/postgres-feed.ts";
import { postgresInstallations } from "./store/postgres-installations.ts";
import { postgresTrust } from "./store/postgres-trust.ts";
import type { EntitlementFeed } from "./use-cases/ports.ts";

/** What decides whether the database can be worked on. */
const DATABASE_SETTINGS = ["databaseUrl", "databasePassword"];
const MIGRATIONS = new URL("../migrations/", import.meta.url);
const STATEMENT_TIMEOUT_MS = 4_000;
/** A change that nobody was notified of is found this late. */
const FEED_POLL_MS = 2_000;

/** Brings the database up to date: the names of what was applied. */
export async function migrateDatabase(
  config: ActivationConfig | SiteConfig,
): Promise<readonly string[]> {
  await using postgres = openDatabase(config);
  return await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
}

function openDatabase(
  config: ActivationConfig | SiteConfig,
  onConnectionLost?: (error: Error) => void,
): Postgres {
  return openPostgres({
    url: config.databaseUrl,
    passwords: config.databasePassword,
    poolSize: config.databasePool,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: "activation",
    onConnectionLost,
  });
}

/** Opens what both kinds of the service keep. */
export async function openStores(
  config: ActivationConfig | SiteConfig,
  report: Events,
  stack: AsyncDisposableStack,
) {
  const postgres = stack.use(openDatabase(config, report.databaseSessionLost));
  await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
  stack.use(replyPruning(postgres, report.pruningFailed));
  const watches = stack.use(channelWatches(postgres, FEED_CHANNEL, FEED_POLL_MS));
  const feed: EntitlementFeed = postgresFeed(postgres, watches);
  return {
    postgres,
    feed,
    installations: postgresInstallations(postgres),
    trust: postgresTrust(postgres),
    health: { name: "postgres", check: () => pingPostgres(postgres) },
  };
}

/** What both kinds of the service keep. */
export type Stores = Awaited<ReturnType<typeof openStores>>;
