import { randomBytes } from "node:crypto";
import {
  backingPostgres,
  type BackingPostgres,
  backingRedis,
  type BackingRedis,
  claimLogicalDatabase,
  createDatabase,
  databaseUrl,
} from "@leasehold/testkit";
import type { GivenStores } from "./cluster-options.ts";
import { SERVICES, type ServiceKind } from "./service-name.ts";

/** The stores of one cluster; disposal drops the databases, then ends what was started. */
export interface ClusterStores extends AsyncDisposable {
  readonly postgres: BackingPostgres;
  readonly redis: BackingRedis;
  /** Where a seat-broker finds its Redis, by its number from 1. */
  readonly redisUrl: (seatBroker: number) => string;
  /** The URL of each service's own database, with its own role and password. */
  readonly databaseUrls: Readonly<Record<ServiceKind, string>>;
}

/**
 * Starts both stores, or takes those that are given, and makes a database with a role of its own for
 * each service.
 */
export async function openStores(stores?: GivenStores): Promise<ClusterStores> {
  await using stack = new AsyncDisposableStack();
  const postgres = stores
    ? theirs(stores.postgresUrl)
    : stack.use<BackingPostgres>(await backingPostgres());
  const redis = stores ? theirs(stores.redisUrl(1)) : stack.use<BackingRedis>(await backingRedis());
  const redisUrl = stores?.redisUrl ?? (await ownRedisUrl(redis, stack));
  const cluster = randomBytes(4).toString("hex"); // several clusters may use one given Postgres
  const create = async (service: ServiceKind): Promise<string> => {
    const name = `leasehold_${SERVICES[service].prefix.toLowerCase()}_${cluster}`;
    const owner = { role: name, password: randomBytes(24).toString("base64url") };
    stack.use(await createDatabase(postgres.url, name, owner));
    return databaseUrl(postgres.url, name, owner);
  };
  const databaseUrls = {
    issuer: await create("issuer"),
    activation: await create("activation"),
    "seat-broker": await create("seat-broker"),
  };
  const letGo = stack.move();
  return {
    postgres,
    redis,
    redisUrl,
    databaseUrls,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** Where a service finds its stores; the issuer needs no Redis. */
export function urlsOf(
  { databaseUrls, redisUrl }: ClusterStores,
  service: ServiceKind,
  number: number,
): { readonly databaseUrl: string; readonly redisUrl: string | undefined } {
  return {
    databaseUrl: databaseUrls[service],
    redisUrl: service === "issuer" ? undefined : redisUrl(number),
  };
}

/** Another's server, which the cluster neither ends nor crashes. */
function theirs(url: string): BackingPostgres & BackingRedis {
  return { kind: "given", url, [Symbol.asyncDispose]: async () => {} };
}

/** Of the cluster's own logical database. */
async function ownRedisUrl(
  redis: BackingRedis,
  stack: AsyncDisposableStack,
): Promise<ClusterStores["redisUrl"]> {
  const { url } =
    redis.kind === "started" ? redis : stack.use(await claimLogicalDatabase(redis.url));
  return () => url;
}
