import {
  bearerAuthenticator,
  blaming,
  firstOf,
  openTransport,
  serve,
  serveSettings,
} from "@leasehold/service-kit";
import type { Kit, Server } from "@leasehold/service-kit";
import { KEY_GENERATIONS } from "@leasehold/license-format";
import { pageTokens as pageTokensOf } from "@leasehold/list-query";
import {
  channelWatches,
  migrate,
  openPostgres,
  pingPostgres,
  replyPruning,
} from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";
import { composeBootstrap } from "./compose-bootstrap.ts";
import { composeKeyRing } from "./compose-key-ring.ts";
import { keepMetrics, openMetrics } from "./compose-metrics.ts";
import { composeSignIn } from "./compose-sign-in.ts";
import type { IssuerConfig } from "./config.ts";
import { keepingKey } from "./domain/kept-product-key.ts";
import { pepper as pepperOf } from "./domain/product-key.ts";
import { reportTo } from "./events.ts";
import { administratorService } from "./rpc/administrator-service.ts";
import { auditService } from "./rpc/audit-service.ts";
import { accountService } from "./rpc/account-service.ts";
import { catalogueService } from "./rpc/catalogue-service.ts";
import { customerService } from "./rpc/customer-service.ts";
import { issuerService } from "./rpc/issuer-service.ts";
import { licenseService } from "./rpc/license-service.ts";
import { productKeyService } from "./rpc/product-key-service.ts";
import { registrationService } from "./rpc/registration-service.ts";
import { signingService } from "./rpc/signing-service.ts";
import { postgresIssuerStore } from "./store/postgres-issuer-store.ts";

/** What decides whether the database can be worked on. */
const DATABASE_SETTINGS = ["databaseUrl", "databasePassword"];
const MIGRATIONS = new URL("../migrations/", import.meta.url);
/** What `sql/advance_feed.sql` notifies. */
const FEED_CHANNEL = "license_feed";
/** A change that nobody was notified of is found this late. */
const FEED_POLL_MS = 1_000;
/** Under the 5 s that the contract gives a call, so that the caller learns why. */
const STATEMENT_TIMEOUT_MS = 4_000;

/** What composing takes of the process. */
export type IssuerKit = Pick<Kit, "log" | "clock" | "random"> & Partial<Pick<Kit, "metrics">>;

/**
 * Puts the issuer together and serves. What it returns lets go in reverse order.
 * @param keyGenerations the product keys that it makes and takes
 */
export async function compose(
  config: IssuerConfig,
  kit: IssuerKit,
  keyGenerations = KEY_GENERATIONS,
): Promise<Pick<Server, "address"> & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const measured = openMetrics(kit.metrics);
  const postgres = opening.use(
    openDatabase(config, (err) => {
      measured.stores.lost.postgres.add();
      kit.log.warn({ err }, "a database connection was lost");
    }),
  );
  await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
  const { keyEncryptionKey: keyEncryptionKeys } = config;
  const { clock, log } = kit;
  const keyRing = opening.use(await composeKeyRing(config, kit, postgres));
  const watches = opening.use(channelWatches(postgres, FEED_CHANNEL, FEED_POLL_MS));
  opening.use(replyPruning(postgres, (err) => log.warn({ err }, "old replies were not pruned")));
  const store = postgresIssuerStore(postgres, clock);
  const signIn = composeSignIn(config, clock, store);
  const bootstrap = opening.use(await composeBootstrap(config, kit, store));
  const report = reportTo(log, measured.count);
  // The same in every issuer: a page may be asked of another one than the page before.
  const pageTokens = pageTokensOf(keyEncryptionKeys[0]);
  const secrets = {
    ...keyRing.ports,
    pepper: pepperOf(config.pepper[0]),
    peppers: config.pepper.map(pepperOf),
    keepingKeys: config.keepProductKeys ? keyEncryptionKeys.map(keepingKey) : [],
    pageTokens,
  };
  const ports = { store, report, watchFeed: () => watches.watch(), keyGenerations, ...secrets };
  const transport = opening.use(await openTransport(config, log));
  keepMetrics(measured, { postgres, transport }, opening);
  const server = opening.use(
    await serve({
      ...serveSettings(config),
      transport,
      bindings: [
        accountService(ports),
        administratorService({ ...ports, ...bootstrap.ports }),
        auditService(ports),
        catalogueService(ports),
        customerService(ports),
        issuerService(ports),
        licenseService(ports),
        productKeyService(ports),
        registrationService({ ...ports, ...signIn.ports }),
        signingService(ports),
      ],
      authenticate: firstOf(signIn.authenticate, bearerAuthenticator(config.bearerTokens)),
      stores: [{ name: "postgres", check: () => pingPostgres(postgres) }],
      log,
      metrics: measured.metrics,
    }),
  );
  const running = opening.move();
  return { address: server.address, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Brings the database up to date: the names of what was applied. */
export async function migrateDatabase(config: IssuerConfig): Promise<readonly string[]> {
  await using postgres = openDatabase(config);
  return await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
}

function openDatabase(config: IssuerConfig, onConnectionLost?: (error: Error) => void): Postgres {
  return openPostgres({
    url: config.databaseUrl,
    passwords: config.databasePassword,
    poolSize: config.databasePool,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: "issuer",
    onConnectionLost,
  });
}
