import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { backingPostgres, backingRedis } from "./backing-servers.ts";
import { createDatabase, databaseUrl } from "./postgres-databases.ts";
import { claimLogicalDatabase } from "./redis-databases.ts";

/** What a test can ask the host for: an empty store of its own. */
export type StoreKind = "postgres" | "redis";

/** Gives stores out to the processes of one test run; on disposal drops them and stops their servers. */
export interface StoreHost extends AsyncDisposable {
  /** `POST <address><kind>` makes a store and answers with its URL; `DELETE <address><kind>` with that URL drops it. */
  readonly address: string;
}

type Store = AsyncDisposable & { readonly url: string };

/** Starts no server before the first store of its kind is asked for: a run of unit tests needs none. */
export async function startStoreHost(): Promise<StoreHost> {
  await using stack = new AsyncDisposableStack();
  const servers = stack.use(new AsyncDisposableStack());
  const stores = stack.use(new AsyncDisposableStack());
  const makers = makersOn(servers);
  const given = new Map<string, Store>();
  stores.defer(async () => {
    await Promise.allSettled([...given.values()].map((store) => store[Symbol.asyncDispose]()));
  });

  const secret = `/${randomBytes(16).toString("hex")}/`;
  const answer = async (request: IncomingMessage): Promise<string> => {
    const path = request.url ?? "";
    const make = path.startsWith(secret)
      ? makers[path.slice(secret.length) as StoreKind]
      : undefined;
    if (make === undefined) throw new Error("no such store");
    if (request.method === "POST") {
      const store = await make();
      given.set(store.url, store);
      return store.url;
    }
    const url = await textOf(request);
    const store = given.get(url);
    given.delete(url);
    await store?.[Symbol.asyncDispose]();
    return "";
  };
  const server = createServer((request, response) => void respond(response, answer(request)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => server.close().closeAllConnections());
  const letGo = stack.move();
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${secret}`,
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

function makersOn(servers: AsyncDisposableStack): Record<StoreKind, () => Promise<Store>> {
  const once = <Server extends AsyncDisposable>(start: () => Promise<Server>) => {
    let started: Promise<Server> | undefined;
    return () => (started ??= start().then((server) => servers.use(server)));
  };
  const [postgres, redis] = [once(backingPostgres), once(backingRedis)];
  return {
    postgres: async () => {
      const { url } = await postgres();
      const database = await createDatabase(
        url,
        `leasehold_test_${randomBytes(8).toString("hex")}`,
      );
      return {
        url: databaseUrl(url, database.name),
        [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
      };
    },
    redis: async () => claimLogicalDatabase((await redis()).url),
  };
}

async function respond(response: ServerResponse, answer: Promise<string>): Promise<void> {
  try {
    response.end(await answer);
  } catch (error) {
    response.statusCode = 500;
    response.end(error instanceof Error ? error.message : String(error));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part as string;
  return text;
}
