import type { Redis } from "ioredis";
import { closeClient, type RedisLink } from "./redis-link.ts";
import type { RedisRoutes, RouteEvents } from "./redis-routes.ts";
import { nameOf } from "./redis-target.ts";
import { untilReady } from "./until-ready.ts";

/** Until a connection has come about, in milliseconds. */
const OPEN_LIMIT_MS = 4_000;

/** One server has all keys; with sentinels, one after another. */
export async function onePrimary(client: Redis, events: RouteEvents): Promise<RedisRoutes> {
  let link: RedisLink | undefined;
  client.on("error", events.onConnectionLost);
  client.on("ready", () => {
    const { remoteAddress: host, remotePort: port } = client.stream;
    if (host === undefined || port === undefined) return; // it is gone again
    link = { name: nameOf({ host, port }), address: { host, port }, client };
    events.onConnected(link.name);
  });
  try {
    client.connect().catch(() => undefined); // told by its error event
    await untilReady(client, OPEN_LIMIT_MS);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const current = () => {
    if (link === undefined) throw new Error("connected, but not to a server");
    return link;
  };
  return {
    linkOf: current,
    links: () => [current()],
    wayAfter: () => Promise.resolve(undefined),
    [Symbol.asyncDispose]: () => closeClient(client),
  };
}
