import { seatBroker } from "@leasehold/contracts";
import { connect } from "@leasehold/rpc-client";
import {
  type Authenticator,
  bearerAuthenticator,
  blaming,
  firstOf,
  installationAuthenticator,
  type Kit,
  serve,
  type Server,
  serveSettings,
  inBackground,
  openTransport,
  pause,
  peopleAuthenticator,
  type Transport,
} from "@leasehold/service-kit";
import { migrate, pingRedis } from "@leasehold/store-kit";
import { activationFeed } from "./clients/activation-feed.ts";
import { openAdministration } from "./compose-administration.ts";
import { openBarring } from "./compose-barring.ts";
import { keepEntitlements } from "./compose-entitlements.ts";
import { lookForRestored } from "./compose-epochs.ts";
import { keepLedger } from "./compose-ledger.ts";
import { lendSeats } from "./compose-lending.ts";
import { keepMetrics, openMetrics } from "./compose-metrics.ts";
import { openDatabase, openSeats } from "./compose-stores.ts";
import type { SeatBrokerConfig } from "./config.ts";
import { tokenKeys } from "./domain/lease-token.ts";
import { pageTokens } from "./domain/page-token.ts";
import { retrySchedule } from "./domain/retry-schedule.ts";
import { brokerFull, tooManyOfInstallation } from "./domain/seat-problems.ts";
import { ticketKeys } from "./domain/wait-ticket.ts";
import { type Events, events } from "./events.ts";
import { type SeatBrokerPorts, seatBrokerService } from "./rpc/seat-broker-service.ts";
import { type UsagePorts, usageService } from "./rpc/usage-service.ts";
import { apartFromHere } from "./store/apart.ts";
import { postgresFeed } from "./store/postgres-feed.ts";
import { postgresPools } from "./store/postgres-pools.ts";
import { acquireGate, behindGate } from "./use-cases/acquire-gate.ts";
import { countingRenewals } from "./use-cases/count-renewals.ts";
import type { SeatStore } from "./use-cases/ports.ts";
import type { PoolStore } from "./use-cases/pool-ports.ts";
import { poolTerms } from "./use-cases/pool-terms.ts";
import { recoverPool, restorePool } from "./use-cases/recover-pool.ts";
import { reapIdlePools } from "./use-cases/reap-idle-pools.ts";
import { leaseRenewer } from "./use-cases/renew-leases.ts";
import { seatWakes } from "./use-cases/seat-wakes.ts";
import { stayLimit } from "./use-cases/stay-limit.ts";
import { watchClocks } from "./use-cases/watch-clocks.ts";
import { settleCrowdedPools } from "./use-cases/settle-crowded-pools.ts";
import { tellingTouched, touchedLicenses } from "./use-cases/touched-licenses.ts";
import { type TrustKeeper, trustKeeper } from "./use-cases/trust-keeper.ts";

/** What decides whether the database can be worked on. */
const DATABASE_SETTINGS = ["databaseUrl", "databasePassword"];
const MIGRATIONS = new URL("../migrations/", import.meta.url);

/** What composing takes of the process. */
export type BrokerKit = Pick<Kit, "log" | "clock"> & Partial<Pick<Kit, "metrics">>;

/** The service as it runs. */
export interface SeatBroker extends AsyncDisposable {
  readonly server: Server;
}

/** Puts the service together: what is made last is let go first. */
export async function compose(config: SeatBrokerConfig, kit: BrokerKit): Promise<SeatBroker> {
  const { clock } = kit;
  await using stack = new AsyncDisposableStack();
  const measured = openMetrics(kit.metrics);
  const report = events(kit.log, measured);
  const { postgres, pools, feed, seats, redis, touched, gate } = await openStores(config, clock, {
    measured,
    report,
    stack,
  });
  const told = { redis, report, stack, touched };
  const { usage, reader, denials, ledger } = keepLedger(config, clock, told);
  lookForRestored(stack, { postgres, redis, licenses: (after) => usage.licenses(after), report });
  const trust = trustKeeper({ feed, events: report }, config.trustRoot);
  await trust.recall();
  const barring = await openBarring(postgres);
  const { watchers, barred } = barring;
  const { transport, toActivation, people } = await openConnections(config, kit, stack);
  lookAfterPools(stack, { seats, pools });
  const restore = restorePool({ seats, pools });
  const recover = recoverPool({ seats, pools, events: report, restore, pause });
  const deciding = { seats, recover, restore, terms: poolTerms({ seats, pools }) };
  const following = { ...deciding, pools, watchers, events: report, clock };
  const wakes = seatWakes();
  const source = activationFeed(toActivation, config.serviceToken);
  keepEntitlements(postgres, { ...following, ...barring, wakes, source, feed, trust }, stack);
  const administration = await openAdministration(postgres, following, stack);
  inBackground(stack, (signal) => reapIdlePools({ ...deciding, usage, pause }, signal));
  const tokens = tokenKeys(config.leaseTokenKeys);
  const limits = loadLimits(config, kit);
  const looked = { ...limits, postgres, ledger, redis, transport, usage, feed, gate };
  keepMetrics(measured, looked, stack);
  const { metrics, counts } = measured;
  const server = stack.use(
    await listen(config, { ...kit, transport, metrics }, trust, people, () => pingRedis(redis), {
      ...deciding,
      pools,
      ...lendSeats(config, { postgres, seats, trust, report, stack }),
      reader,
      administration,
      denials,
      clock,
      watchers,
      barred,
      tokens,
      tickets: ticketKeys(config.leaseTokenKeys),
      wakes,
      pause,
      renew: leaseRenewer({ ...deciding, tokens, events: report, apart: apartFromHere() }),
      pageTokens: pageTokens(config.leaseTokenKeys[0]),
      ...limits,
      counts,
      goodbyeSpreadMs: config.drain / 4,
      chance: Math.random,
      events: report,
    }),
  );
  const letGo = stack.move();
  return { server, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

/** Connections to other services, and what people are known by. */
async function openConnections(
  config: SeatBrokerConfig,
  { clock, log }: Pick<Kit, "clock" | "log">,
  stack: AsyncDisposableStack,
) {
  const transport = stack.use(await openTransport(config, log));
  const toActivation = stack.use(connect(config.activationAddress, transport.to("activation")));
  const issuer = stack.use(connect(config.issuerAddress, transport.to("issuer")));
  return { transport, toActivation, people: peopleAuthenticator({ ...config, issuer, clock }) };
}

/** What is kept, and where the seats are: behind a gate, counted, and telling who was touched. */
async function openStores(
  config: SeatBrokerConfig,
  clock: Kit["clock"],
  parts: {
    readonly measured: ReturnType<typeof openMetrics>;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
  },
) {
  const { measured, report, stack } = parts;
  const postgres = stack.use(openDatabase(config, report));
  await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
  const pools = postgresPools(postgres);
  const { seats: plainSeats, redis } = await openSeats(config, clock, { pools, report, stack });
  const touched = touchedLicenses();
  const gate = acquireGate(clock);
  const counted = countingRenewals(behindGate(plainSeats, gate), measured.counts, clock);
  const seats = tellingTouched(counted, touched);
  return { postgres, pools, feed: postgresFeed(postgres), seats, redis, touched, gate };
}

/** Brings the database up to date: the names of what was applied. */
export async function migrateDatabase(config: SeatBrokerConfig): Promise<readonly string[]> {
  await using postgres = openDatabase(config);
  return await blaming(DATABASE_SETTINGS, () => migrate(postgres, MIGRATIONS));
}

/** Hears of what licenses entitle to, until the end. */
function lookAfterPools(
  stack: AsyncDisposableStack,
  ports: { readonly seats: SeatStore; readonly pools: PoolStore },
): void {
  inBackground(stack, (signal) => watchClocks({ ...ports, pause }, signal));
  inBackground(stack, (signal) => settleCrowdedPools({ ...ports, pause }, signal));
}

/** What one broker takes upon itself at a time. */
function loadLimits(
  config: SeatBrokerConfig,
  { clock }: BrokerKit,
): Pick<SeatBrokerPorts, "streams" | "waiters" | "retries"> {
  const limitOf = (of: "streams" | "waiters", most: number, mostEach: number) =>
    stayLimit({
      most,
      mostEach,
      full: () => brokerFull(of),
      tooMany: () => tooManyOfInstallation(of),
    });
  return {
    streams: limitOf("streams", config.streams, config.streamsPerInstallation),
    waiters: limitOf("waiters", config.waiters, config.waitersPerInstallation),
    retries: retrySchedule(clock, Math.random),
  };
}

function listen(
  config: SeatBrokerConfig,
  { log, clock, transport, metrics }: BrokerKit & { readonly transport: Transport },
  trust: TrustKeeper,
  people: Authenticator,
  askRedis: () => Promise<void>,
  ports: SeatBrokerPorts & UsagePorts,
): Promise<Server> {
  const authenticate = firstOf(
    people,
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
    transport,
    bindings: [seatBrokerService(ports), usageService(ports)],
    authenticate,
    // Not Postgres: pools that are set up are decided without it.
    stores: [
      { name: "redis", check: askRedis },
      { name: "trust bundle", check: () => known(trust) },
    ],
    // A line for each granted seat would cost more than the grant.
    accessLog: "failures",
    log,
    clock,
    metrics,
  });
}

async function known(trust: TrustKeeper): Promise<void> {
  if (!trust.current()) throw new Error("no trust bundle has been received yet");
}
