import {
  type Installation,
  isProblem,
  openSession,
  type Seat,
  type SeatSession,
} from "@leasehold/client";
import { openStores, type ServiceKind } from "@leasehold/dev-cluster/parts";
import { LicensingDesk, type Sale, type Sold } from "@leasehold/e2e/desk";
import { unlockMachine } from "@leasehold/e2e/machine";
import { openPostgres } from "@leasehold/store-kit";
import {
  guardedFolder,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  until,
} from "@leasehold/testkit";
import { type Deployment, newDeployment, type Region, type RegionStores } from "./region.ts";

/** A deployment whose stores may be lost. Disposal lets go of everything that was put on `stack`. */
export interface Scene extends AsyncDisposable {
  readonly stack: AsyncDisposableStack;
  readonly deployment: Deployment;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly stores: RegionStores;
}

export async function openScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await guardedFolder("disaster"));
  const [postgres, redis] = [stack.use(await startPostgres()), stack.use(await startRedis())];
  const given = { postgresUrl: postgres.url, redisUrl: () => redis.url };
  const { databaseUrls } = await openStores(given);
  const letGo = stack.move();
  return {
    stack: letGo,
    deployment: await newDeployment(path),
    postgres,
    redis,
    stores: { databaseUrls, redisUrl: redis.url },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** The vendor's desk in a region. */
export function deskIn(region: Region, deployment: Deployment): LicensingDesk {
  return new LicensingDesk({ ...region.addresses, ...deployment });
}

export function saleOf(seats: number, validityMs: number, graceMs: number): Sale {
  return { seats, features: [], leaseTimes: { validityMs, graceMs } };
}

/** Unlocks a machine in the deployment's folder. */
export async function unlockIn(
  region: Region,
  deployment: Deployment,
  sold: Sold,
  name: string,
): Promise<{ readonly directory: string; readonly installation: Installation }> {
  return unlockMachine(
    { ...deployment, addresses: region.addresses },
    sold,
    deployment.folder,
    name,
  );
}

/** An application that may turn to any of these seat-brokers. */
export function sessionOf(
  { authorities }: Deployment,
  installation: Installation,
  seatBrokers: readonly string[],
): SeatSession {
  return openSession({ installation, seatBrokers, authorities, application: "drill" });
}

const LIMIT_MS = 120_000;

/** A seat, however long it takes until one can be had. */
export function seatOf(session: SeatSession): Promise<Seat> {
  return until("a seat", LIMIT_MS, async () => {
    const outcome = await tried(session);
    return typeof outcome === "string" ? undefined : outcome;
  });
}

/** One attempt to get a seat: the seat, or why there is none. */
export async function tried(session: SeatSession): Promise<Seat | string> {
  try {
    return await session.acquire();
  } catch (error) {
    if (isProblem(error)) return error.reason;
    throw error;
  }
}

/** Runs SQL in the database of a service, as an operator does. */
export async function inDatabase<Row>(
  { databaseUrls }: Pick<RegionStores, "databaseUrls">,
  kind: ServiceKind,
  text: string,
): Promise<readonly Row[]> {
  await using postgres = openPostgres({
    url: databaseUrls[kind],
    poolSize: 1,
    statementTimeoutMs: 5_000,
    applicationName: "operator",
  });
  return await postgres.query<Row>({ text });
}

/** The same databases on another server. */
export function movedTo(postgresUrl: string, stores: RegionStores): RegionStores["databaseUrls"] {
  const { host } = new URL(postgresUrl);
  const move = (text: string): string => {
    const url = new URL(text);
    url.host = host;
    return url.href;
  };
  return {
    issuer: move(stores.databaseUrls.issuer),
    activation: move(stores.databaseUrls.activation),
    "seat-broker": move(stores.databaseUrls["seat-broker"]),
  };
}
