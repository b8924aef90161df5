import { randomBytes } from "node:crypto";
import { seatBroker } from "@leasehold/contracts";
import { isProblem, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { generateKeyPair, signInstallation, thumbprint } from "@leasehold/license-format";
import { client } from "@leasehold/rpc-client";
import type { Log } from "@leasehold/service-kit";
import {
  backingPostgres,
  createDatabase,
  databaseUrl,
  guardedFolder,
  type RedisServer,
  startRedis,
  until,
} from "@leasehold/testkit";
import { Redis } from "ioredis";
import { Client } from "pg";
import {
  DEPLOYMENT,
  type FakeActivation,
  fakeActivation,
} from "../../services/seat-broker/test/fake-activation.ts";
import { somePool } from "../../services/seat-broker/test/some-pool.ts";
import { OPEN_POLICY } from "../../services/seat-broker/src/domain/seat-policy.ts";
import type { PartySpec } from "../load/party.ts";
import type { Bench, Durability } from "../run/bar.ts";
import { postmasterOf, writtenTo, type Written } from "./postgres-facts.ts";
import {
  type BrokerOptions,
  type BrokerStores,
  channelTo,
  DESK_SECRET,
  type RunningBroker,
  startBroker,
} from "./seat-broker.ts";

export type SoldPool = ReturnType<typeof somePool>;
export type BrokerDesk = ReturnType<typeof deskAt>;

/** Seat-brokers on stores of their own, all as in production but for activation, whose feed comes from this process. */
export interface BenchSite extends AsyncDisposable {
  readonly brokers: readonly RunningBroker[];
  readonly redis: RedisServer;
  readonly stores: BrokerStores;
  readonly versions: Readonly<Record<string, string>>;
  readonly durability: Durability;
  readonly pids: SitePids;
  desk(broker?: number): BrokerDesk;
  /** Sells licenses; resolves when every seat-broker knows them. */
  sell(count: number, terms: SoldTerms): Promise<readonly SoldPool[]>;
  /** Changes how long leases of licenses are valid, from their next renewal on; resolves when every seat-broker knows it. */
  amend(pools: readonly SoldPool[], validityMs: number): Promise<void>;
  /** Unlocks a machine of a license, which calls a seat-broker. */
  party(pool: SoldPool, broker?: number): Promise<PartySpec>;
  /** Asks Redis. */
  ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer>;
  /** What seat-brokers have written to Postgres so far. */
  written(): Promise<Written>;
}

/** Of the seat-brokers, of Redis, and of the Postgres process that started the others. */
export interface SitePids {
  readonly brokers: readonly number[];
  readonly redis: number;
  /** 0 if it is not on this machine. */
  readonly postgres: number;
}

export interface SoldTerms {
  /** At most a million. */
  readonly seats: number;
  /** Seats beyond those. */
  readonly overdraft?: number;
  readonly validityMs?: number;
}

export interface SiteOptions {
  /** One for each seat-broker; one plain one if absent. */
  readonly brokers?: readonly BrokerOptions[];
  readonly durability?: Durability;
}

/** No lease runs out while others are measured. */
const HOUR_MS = 3_600_000;
const AUDIENCE = `${DEPLOYMENT}/${seatBroker.SeatBrokerServiceDefinition.fullName}`;
const KNOWN_LIMIT_MS = 60_000;
const KNOWN_EACH_MS = 10;
const line = () => {};
const SILENT: Log = { debug: line, info: line, warn: line, error: line };

export async function openSite(bench: Bench, options: SiteOptions = {}): Promise<BenchSite> {
  await using stack = new AsyncDisposableStack();
  const durability = bench.settings.durability ?? options.durability ?? "none";
  const folder = stack.use(await guardedFolder("bench"));
  const postgres = stack.use(await backingPostgres());
  const name = `bench_broker_${randomBytes(4).toString("hex")}`;
  stack.use(await createDatabase(postgres.url, name));
  const redis = stack.use(await startRedis({ appendonly: durability !== "none" }));
  const asking = new Redis(redis.url);
  stack.defer(() => asking.disconnect());
  if (durability === "everysec") await asking.config("SET", "appendfsync", "everysec");
  const activation = await fakeActivation();
  const feed = stack.use(await activation.serve("127.0.0.1:0", SILENT));
  const stores: BrokerStores = {
    folder: folder.path,
    databaseUrl: databaseUrl(postgres.url, name),
    redisUrl: redis.url,
    activation,
    activationAddress: feed.address,
  };
  const brokers: RunningBroker[] = [];
  for (const one of options.brokers ?? [{}])
    brokers.push(stack.use(await startBroker(bench, stores, one)));
  const channels = brokers.map(({ endpoint }) => stack.use(channelTo(endpoint)));
  const desk = (broker = 0) => deskAt(channels[broker] ?? fault(`there is no broker ${broker}`));
  const database = new Client({ connectionString: stores.databaseUrl });
  await database.connect();
  stack.defer(() => database.end());
  const desks = brokers.map((_, index) => desk(index));
  const told = /process_id:(\d+)/.exec(await asking.info("server"))?.[1];
  const letGo = stack.move();
  return {
    brokers,
    redis,
    stores,
    durability,
    versions: {
      redis: redis.version,
      postgres: postgres.kind === "started" ? postgres.version : "of DATABASE_URL",
    },
    pids: {
      brokers: brokers.map(({ pid }) => pid),
      redis: Number(told),
      postgres: await postmasterOf(database),
    },
    desk,
    sell: (count, terms) => sell(activation, desks, count, terms),
    amend: async (pools, validityMs) => {
      for (const { revision, terms, ...pool } of pools)
        activation.put({ ...pool, revision: revision + 1n, terms: { ...terms, validityMs } });
      await sell(activation, desks, 1, { seats: 1 });
    },
    party: (pool, broker = 0) => partyOf(activation, pool, brokers[broker] ?? fault("no broker")),
    ask: (question) => question(asking),
    written: () => writtenTo(database),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

function deskAt(channel: Parameters<typeof client>[1]) {
  return client(seatBroker.SeatBrokerServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${DESK_SECRET}` }),
  });
}

async function sell(
  activation: FakeActivation,
  desks: readonly BrokerDesk[],
  count: number,
  { seats, overdraft = 0, validityMs = HOUR_MS }: SoldTerms,
): Promise<readonly SoldPool[]> {
  const policy = { ...OPEN_POLICY, overdraft };
  const pools = Array.from({ length: count }, () => somePool({ seats, validityMs, policy }));
  for (const pool of pools) activation.put(pool);
  const last = pools.at(-1);
  if (!last) return pools;
  // The feed has an order: whoever knows the last one knows them all.
  const limitMs = KNOWN_LIMIT_MS + KNOWN_EACH_MS * count;
  for (const desk of desks)
    await until("the seat-broker knows what was sold", limitMs, async () => {
      try {
        await desk.listSeats({ parent: last.name, pageSize: 1, pageToken: "", filter: undefined });
        return true;
      } catch (error) {
        if (isProblem(error)) return undefined;
        throw error;
      }
    });
  return pools;
}

async function partyOf(
  { installKey }: FakeActivation,
  pool: SoldPool,
  { endpoint }: RunningBroker,
): Promise<PartySpec> {
  const { publicKey, privateKey } = await generateKeyPair();
  const installation = `installations/${newUuid(systemClock, systemRandom)}`;
  const now = Date.now();
  const certificate = await signInstallation(installKey, {
    deployment: DEPLOYMENT,
    product: "products/flow",
    installation,
    license: pool.name,
    publicKeyThumbprint: thumbprint(publicKey),
    issuedAt: now,
    refreshBy: now + 24 * HOUR_MS,
    id: newUuid(systemClock, systemRandom),
  });
  const identity = { installation, certificate, privateKey, audience: AUDIENCE };
  return { kind: "leasehold", endpoint, license: pool.license, identity };
}

function fault(message: string): never {
  throw new RangeError(message);
}
