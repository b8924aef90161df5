import { type Cluster, type ServiceName, startCluster } from "@leasehold/dev-cluster";
import { LicensingDesk, type Sale, type Sold } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import { guardedFolder, type PostgresServer, startPostgres } from "@leasehold/testkit";
import { type Agent, startAgent } from "../agent/agent.ts";
import type { Habits } from "../agent/habits.ts";
import { chronicle, type Chronicle } from "./chronicle.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { hostNow } from "./host-clock.ts";
import type { RedisSite } from "./redis-site.ts";
import { clusterRedis } from "./cluster-redis.ts";
import { sentinelRedis } from "./sentinel-redis.ts";
import { singleRedis } from "./single-redis.ts";
import type { Timings, Topology } from "./timings.ts";

/** Everything under test, and what is done to it. Disposal ends it all. */
export interface Site extends AsyncDisposable {
  readonly timings: Timings;
  readonly cluster: Cluster;
  readonly seatBrokers: readonly ServiceName[];
  readonly desk: LicensingDesk;
  readonly license: Sold["license"];
  readonly redis: RedisSite;
  readonly postgres: PostgresServer;
  /** Between services and Postgres. */
  readonly postgresLink: FaultProxy;
  /** Between clients and each seat-broker. */
  readonly brokerLinks: readonly FaultProxy[];
  readonly chronicle: Chronicle;
  /** All that were ever started. */
  readonly agents: readonly Agent[];
  startAgent(sessions: number, habits: Habits): Promise<Agent>;
  /** The license with other seats. @returns its revision */
  resize(seats: number): Promise<bigint>;
}

export interface SiteOptions {
  readonly topology: Topology;
  readonly timings: Timings;
  readonly seats: number;
  readonly seatBrokers: number;
  readonly seed: number;
}

const MACHINES = 3;

export async function openSite(options: SiteOptions): Promise<Site> {
  const { timings, seats } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("robustness"));
  const postgres = stack.use(await startPostgres());
  const postgresLink = stack.use(await linkTo(new URL(postgres.url).host));
  const redis = stack.use(await openRedis(options));
  const record = chronicle(seats, hostNow());
  const stores = {
    postgresUrl: postgresLink.through(postgres.url),
    redisUrl: (seatBroker: number) => redis.urls[seatBroker - 1] ?? "",
  };
  const cluster = stack.use(await openCluster(options, stores, record.surprises));
  const { issuer, seatBroker, seatBrokers } = cluster.addresses;
  const desk = stack.use(new LicensingDesk({ issuer, seatBroker, ...cluster }));
  const sold = await desk.sell(saleOf(timings, seats));
  const directories = await unlockMachines(cluster, sold, folder.path);
  const brokerLinks = await Promise.all(
    seatBrokers.map(async (address) => stack.use(await linkTo(address))),
  );
  const agents: Agent[] = [];
  stack.defer(async () => {
    await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
  });
  const addresses = brokerLinks.map(({ address }) => address);
  const { environment } = cluster;
  const starter = agentStarter(folder.path, directories, addresses, environment, options.seed);
  const letGo = stack.move();
  return {
    timings,
    cluster,
    seatBrokers: seatBrokers.map((_, index) => brokerName(index + 1)),
    desk,
    license: sold.license,
    redis,
    postgres,
    postgresLink,
    brokerLinks,
    chronicle: record,
    agents,
    startAgent: async (sessions, habits) => {
      const agent = await starter(sessions, habits);
      agents.push(agent);
      return agent;
    },
    resize: async (to) => {
      const { revision } = await desk.amend(sold.license.name, saleOf(timings, to), ["seats"]);
      return revision;
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Starts agents, on one machine after the other. */
function agentStarter(
  folder: string,
  directories: readonly string[],
  seatBrokers: readonly string[],
  environment: Cluster["environment"],
  seed: number,
): Site["startAgent"] {
  let started = 0;
  return (sessions, habits) => {
    const number = (started += 1);
    return startAgent({
      name: `agent ${number}`,
      folder,
      directory: directories[number % MACHINES] ?? "",
      seatBrokers,
      environment,
      sessions,
      habits,
      seed: seed * 1_000 + number * 100,
    });
  };
}

function brokerName(number: number): ServiceName {
  return number === 1 ? "seat-broker" : `seat-broker-${number}`;
}

/** @param address `host:port` of this host */
function linkTo(address: string): Promise<FaultProxy> {
  return FaultProxy.open(Number(address.split(":")[1]));
}

const REDIS_SITES: Readonly<Record<Topology, (seatBrokers: number) => Promise<RedisSite>>> = {
  single: singleRedis,
  sentinel: sentinelRedis,
  cluster: clusterRedis,
};

function openRedis({ topology, seatBrokers }: SiteOptions): Promise<RedisSite> {
  return REDIS_SITES[topology](seatBrokers);
}

function openCluster(
  { seatBrokers, timings }: SiteOptions,
  stores: { readonly postgresUrl: string; readonly redisUrl: (seatBroker: number) => string },
  surprises: string[],
): Promise<Cluster> {
  return startCluster({
    stores,
    seatBrokers,
    fence: `${timings.fenceMs}ms`,
    onEnd: (service, ending, lines) =>
      surprises.push(`${service} ended with ${ending}: ${lines.slice(-3).join(" / ")}`),
  });
}

function saleOf({ validityMs, graceMs }: Timings, seats: number): Sale {
  return { seats, features: ["dataflow"], leaseTimes: { validityMs, graceMs } };
}

/** @returns where each has its installation */
function unlockMachines(cluster: Cluster, sold: Sold, folder: string): Promise<readonly string[]> {
  return Promise.all(
    Array.from({ length: MACHINES }, async (_, number) => {
      const machine = await unlockMachine(cluster, sold, folder, `machine-${number}`);
      return machine.directory;
    }),
  );
}
