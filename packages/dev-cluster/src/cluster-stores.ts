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
import { SERVICES, type ServiceKind } from "./service-name.ts";

/** The stores of one cluster; disposal drops the databases, then ends what was started. */
export interface ClusterStores extends AsyncDisposable {
  readonly postgres: BackingPostgres;
  readonly redis: BackingRedis;
  /** Of the cluster's own logical database. */
  readonly redisUrl: string;
  /** The URL of each service's own database, with its own role and password. */
  readonly databaseUrls: Readonly<Record<ServiceKind, string>>;
}

/** Starts both stores, and makes a database with a role of its own for each service. */
export async function openStores(): Promise<ClusterStores> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await backingPostgres());
  const redis = stack.use(await backingRedis());
  const { url: redisUrl } =
    redis.kind === "started" ? redis : stack.use(await claimLogicalDatabase(redis.url));
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
