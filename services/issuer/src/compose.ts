import { bearerAuthenticator, serve, serveSettings } from "@leasehold/service-kit";
import type { Kit, Server } from "@leasehold/service-kit";
import { KEY_GENERATIONS, signingKey } from "@leasehold/license-format";
import { pageTokens as pageTokensOf } from "@leasehold/list-query";
import {
  channelWatches,
  migrate,
  openPostgres,
  pingPostgres,
  replyPruning,
} from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { IssuerConfig } from "./config.ts";
import { keepingKey } from "./domain/kept-product-key.ts";
import { pepper as pepperOf } from "./domain/product-key.ts";
import { reportTo } from "./events.ts";
import { auditService } from "./rpc/audit-service.ts";
import { issuerService } from "./rpc/issuer-service.ts";
import { productKeyService } from "./rpc/product-key-service.ts";
import { signingService } from "./rpc/signing-service.ts";
import { postgresIssuerStore } from "./store/postgres-issuer-store.ts";
import { postgresKeyRingStore } from "./store/postgres-signing.ts";
import { followKeyRing, keepKeyRing } from "./use-cases/keep-key-ring.ts";
import type { KeyRingKeeper } from "./use-cases/keep-key-ring.ts";

/** What `sql/advance_feed.sql` notifies. */
const FEED_CHANNEL = "license_feed";
/** A change that nobody was notified of is found this late. */
const FEED_POLL_MS = 1_000;
/** What `sql/insert_trust_bundle.sql` notifies. */
const KEY_RING_CHANNEL = "key_ring";
const KEY_RING_POLL_MS = 5_000;
/** Room for the largest request of the contract: a seat policy with 3,000,000 bytes of entries. */
const MESSAGE_BYTES = 4 * 1024 * 1024;
/** Under the 5 s that the contract gives a call, so that the caller learns why. */
const STATEMENT_TIMEOUT_MS = 4_000;

/** What composing takes of the process. */
export type IssuerKit = Pick<Kit, "log" | "clock" | "random">;

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
  const postgres = opening.use(openDatabase(config, kit));
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const pepper = pepperOf(config.pepper[0]);
  const peppers = config.pepper.map(pepperOf);
  const root = signingKey("trust", config.trustRootKey);
  const { deployment, keyEncryptionKey: keyEncryptionKeys } = config;
  const { clock, random, log } = kit;
  const authority = { clock, random, deployment, keyEncryptionKeys, root };
  const keyRing = await keepKeyRing({
    ...authority,
    keyRingStore: postgresKeyRingStore(postgres),
    peppers,
    leasePublicKeys: config.leasePublicKeys ?? [],
  });
  opening.use(keyRingFollowing(postgres, keyRing, log));
  const watches = opening.use(channelWatches(postgres, FEED_CHANNEL, FEED_POLL_MS));
  opening.use(replyPruning(postgres, (err) => log.warn({ err }, "old replies were not pruned")));
  const store = postgresIssuerStore(postgres, clock);
  const report = reportTo(log);
  const watchFeed = () => watches.watch();
  // The same in every issuer: a page may be asked of another one than the page before.
  const pageTokens = pageTokensOf(keyEncryptionKeys[0]);
  const secrets = {
    ...authority,
    ...keyRing,
    pepper,
    peppers,
    keepingKeys: config.keepProductKeys ? keyEncryptionKeys.map(keepingKey) : [],
    pageTokens,
  };
  const ports = { store, report, watchFeed, keyGenerations, ...secrets };
  const server = opening.use(
    await serve({
      ...serveSettings(config),
      bindings: [
        issuerService(ports),
        auditService(ports),
        productKeyService(ports),
        signingService(ports),
      ],
      authenticate: bearerAuthenticator(config.bearerTokens),
      limits: { messageBytes: MESSAGE_BYTES },
      stores: [{ name: "postgres", check: () => pingPostgres(postgres) }],
      log,
    }),
  );
  const running = opening.move();
  return { address: server.address, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function keyRingFollowing(
  postgres: Postgres,
  keyRing: KeyRingKeeper,
  log: IssuerKit["log"],
): AsyncDisposable {
  const watches = channelWatches(postgres, KEY_RING_CHANNEL, KEY_RING_POLL_MS);
  const stopping = new AbortController();
  const news = watches.watch();
  const onFailure = (err: unknown) => log.warn({ err }, "the signing keys were not refreshed");
  const following = followKeyRing(keyRing, news, onFailure, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
      news[Symbol.dispose]();
      await watches[Symbol.asyncDispose]();
    },
  };
}

function openDatabase(config: IssuerConfig, { log }: IssuerKit): Postgres {
  return openPostgres({
    url: config.databaseUrl,
    password: config.databasePassword,
    poolSize: config.databasePool,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: "issuer",
    onConnectionLost: (err) => log.warn({ err }, "a database connection was lost"),
  });
}
