import { type RedisSentinel, startRedisSentinel } from "@leasehold/testkit";
import { partition } from "./partition.ts";
import { type RedisSite, REPLICAS, type SeatServer } from "./redis-site.ts";
import { placed, seatBrokerUser } from "./replicated-servers.ts";
import { withRedis } from "./with-redis.ts";

/** A primary with two replicas, and three sentinels. */
export async function sentinelRedis(seatBrokers: number): Promise<RedisSite> {
  await using stack = new AsyncDisposableStack();
  const site = stack.use(await placed(1 + REPLICAS, seatBrokers));
  const { placing } = site;
  const set = stack.use(await startRedisSentinel({ replicas: REPLICAS, ...placing }));
  const servers = site.serversOf(set.nodes);
  const primary = () => primaryOf(set, servers);
  const sentinels = set.sentinels.map(({ url }) => url);
  const letGo = stack.move();
  return {
    topology: "sentinel",
    urls: Array.from({ length: seatBrokers }, (_, number) => urlFor(set.url, number)),
    links: [],
    hasClocks: site.hasClocks,
    primary,
    failover: {
      isolate: partition(site, servers, { seatBrokers, sentinels }),
      rejoin: async (server) => {
        await server.restart();
        const { port } = await set.primary();
        await withRedis(server.url, (redis) => redis.replicaof("127.0.0.1", port));
      },
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function primaryOf(set: RedisSentinel, servers: readonly SeatServer[]): Promise<SeatServer> {
  const server = servers[set.nodes.indexOf(await set.primary())];
  if (server === undefined) throw new Error("the sentinels name a server that is unknown");
  return server;
}

function urlFor(url: string, seatBroker: number): string {
  const user = seatBrokerUser(seatBroker);
  return `${url.replace("//:", `//${user}:`)}&sentinel-username=${user}`;
}
