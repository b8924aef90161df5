import { redisVersionAt } from "./redis-databases.ts";
import { type PostgresServer, startPostgres, versionAt } from "./postgres-server.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

/** A server that the environment names; others may use it too, so it is neither crashed nor emptied. */
export interface GivenServer extends AsyncDisposable {
  readonly kind: "given";
  readonly url: string;
}

/** The Postgres to work on. */
export type BackingPostgres = GivenServer | ({ readonly kind: "started" } & PostgresServer);
/** The Redis to work on. */
export type BackingRedis = GivenServer | ({ readonly kind: "started" } & RedisServer);

/** The Postgres of `DATABASE_URL`, else one started here. Says on standard error which it is. */
export async function backingPostgres(): Promise<BackingPostgres> {
  const url = process.env["DATABASE_URL"];
  if (url === undefined) {
    const server = await startPostgres();
    console.error(`Postgres ${server.version}, started on ${new URL(server.url).host}`);
    return { kind: "started", ...server };
  }
  const version = await versionAt(url);
  if (version === undefined)
    throw new Error("DATABASE_URL: no Postgres answers there, or it refuses this user");
  console.error(`Postgres ${version}, of DATABASE_URL`);
  return { kind: "given", url, [Symbol.asyncDispose]: async () => {} };
}

/** The Redis of `REDIS_URL`, else one started here. Says on standard error which it is. */
export async function backingRedis(): Promise<BackingRedis> {
  const url = process.env["REDIS_URL"];
  if (url === undefined) {
    const server = await startRedis();
    console.error(`${server.version}, started on ${new URL(server.url).host}`);
    return { kind: "started", ...server };
  }
  const version = await redisVersionAt(url).catch((error: unknown) => {
    throw new Error("REDIS_URL: no Redis answers there, or it refuses this user", { cause: error });
  });
  console.error(`${version}, of REDIS_URL`);
  return { kind: "given", url, [Symbol.asyncDispose]: async () => {} };
}
