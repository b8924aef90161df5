import { seatBroker } from "@leasehold/contracts";
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
import { migrate, openPostgres, openRedis, pingRedis, type Postgres } from "@leasehold/store-kit";
import { activationFeed } from "./clients/activation-feed.ts";
import type { SeatBrokerConfig } from "./config.ts";
import { tokenKeys } from "./domain/lease-token.ts";
import { pageTokens } from "./domain/page-token.ts";
import { ticketKeys } from "./domain/wait-ticket.ts";
import { type Events, events } from "./events.ts";
import { type SeatBrokerPorts, seatBrokerService } from "./rpc/seat-broker-service.ts";
import { laterFromHere } from "./store/later.ts";
import { postgresFeed } from "./store/postgres-feed.ts";
import { postgresPools } from "./store/postgres-pools.ts";
import { redisSeatStore } from "./store/redis-seat-store.ts";
import { followEntitlements } from "./use-cases/follow-entitlements.ts";
import { licenseWatchers } from "./use-cases/license-watchers.ts";
import type { PoolStore, SeatStore } from "./use-cases/ports.ts";
import { recoverPool } from "./use-cases/recover-pool.ts";
import { leaseRenewer } from "./use-cases/renew-leases.ts";
import { seatWakes } from "./use-cases/seat-wakes.ts";
import { type TrustKeeper, trustKeeper } from "./use-cases/trust-keeper.ts";

const MIGRATIONS = new URL("../migrations/", import.meta.url);
/** Both under the 2 s that the contract gives a call, so that the caller learns why. */
const STATEMENT_TIMEOUT_MS = 1_500;
const COMMAND_TIMEOUT_MS = 1_500;
/** 1,000 heartbeats with their tokens, and some room. */
const MESSAGE_BYTES = 128 * 1024;

/** What composing takes of the process. */
export type BrokerKit = Pick<Kit, "log" | "clock">;

/** The service as it runs. */
export interface SeatBroker extends AsyncDisposable {
  readonly server: Server;
}

/** Puts the service together: what is made last is let go first. */
export async function compose(config: SeatBrokerConfig, kit: BrokerKit): Promise<SeatBroker> {
  await using stack = new AsyncDisposableStack();
  const report = events(kit.log);
  const postgres = stack.use(openDatabase(config, report));
  await migrate(postgres, MIGRATIONS);
  const pools = postgresPools(postgres);
  const feed = postgresFeed(postgres);
  const { seats, redis } = await openSeats(config, kit, { pools, report, stack });
  const trust = trustKeeper({ feed, events: report }, config.trustRoot);
  await trust.recall();
  const watchers = licenseWatchers();
  const source = activationFeed(stack.use(connect(config.activationAddress)), config.serviceToken);
  inBackground(stack, (signal) =>
    followEntitlements(
      { source, feed, pools, seats, trust, watchers, events: report, pause, chance: Math.random },
      signal,
    ),
  );
  const recover = recoverPool({ seats, pools, events: report });
  const tokens = tokenKeys(config.leaseTokenKeys);
  const server = stack.use(
    await listen(config, kit, trust, () => pingRedis(redis), {
      seats,
      pools,
      watchers,
      recover,
      tokens,
      tickets: ticketKeys(config.leaseTokenKeys),
      wakes: seatWakes(),
      pause,
      renew: leaseRenewer({ seats, recover, tokens, events: report, later: laterFromHere() }),
      pageTokens: pageTokens(config.leaseTokenKeys[0]),
      goodbyeSpreadMs: config.drain / 4,
      chance: Math.random,
      events: report,
    }),
  );
  const letGo = stack.move();
  return { server, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

function openDatabase(config: SeatBrokerConfig, report: Events): Postgres {
  return openPostgres({
    url: config.databaseUrl,
    password: config.databasePassword,
    poolSize: config.databasePool,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: "seat-broker",
    onConnectionLost: report.databaseSessionLost,
  });
}

async function openSeats(
  config: SeatBrokerConfig,
  { clock }: BrokerKit,
  parts: {
    readonly pools: PoolStore;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
  },
) {
  const { pools, report, stack } = parts;
  const redis = stack.use(
    await openRedis({
      url: config.redisUrl,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      onConnectionLost: report.redisConnectionLost,
    }),
  );
  const seats = redisSeatStore({ redis, clock, fenceMs: config.fence });
  const sight = () => sightIncarnation(seats, pools).catch(report.incarnationNotKept);
  await sight();
  redis.client.on("ready", () => void sight());
  return { seats, redis };
}

/**
 * Keeps when this Redis was first seen. Each new connection may be to another one; the
 * sooner that is known, the sooner licenses that nobody used meanwhile are free again.
 */
async function sightIncarnation(seats: SeatStore, pools: PoolStore): Promise<void> {
  await pools.sight(await seats.readIncarnation());
}

function listen(
  config: SeatBrokerConfig,
  { log, clock }: BrokerKit,
  trust: TrustKeeper,
  askRedis: () => Promise<void>,
  ports: SeatBrokerPorts,
): Promise<Server> {
  const authenticate = firstOf(
    bearerAuthenticator(config.bearerTokens),
    installationAuthenticator({
      trust: () => trust.current(),
      deployment: config.deployment,
      service: seatBroker.SeatBrokerServiceDefinition.fullName,
      clock,
    }),
  );
  return serve({
    ...serveSettings(config),
    bindings: [seatBrokerService(ports)],
    authenticate,
    // Not Postgres: pools that are set up are decided without it.
    stores: [
      { name: "redis", check: askRedis },
      { name: "trust bundle", check: () => known(trust) },
    ],
    limits: { messageBytes: MESSAGE_BYTES },
    // A line for each granted seat would cost more than the grant.
    accessLog: "failures",
    log,
    clock,
  });
}

async function known(trust: TrustKeeper): Promise<void> {
  if (!trust.current()) throw new Error("no trust bundle has been received yet");
}
