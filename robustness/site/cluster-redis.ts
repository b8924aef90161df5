import { type RedisCluster, type RedisNode, startRedisCluster } from "@leasehold/testkit";
import { partition } from "./partition.ts";
import { type RedisSite, REPLICAS, type SeatServer } from "./redis-site.ts";
import { placed, seatBrokerUser } from "./replicated-servers.ts";
import { seatsKeyAmong } from "./seats-key.ts";
import { withRedis } from "./with-redis.ts";

const PRIMARIES = 3;

/** A cluster of three primaries, each with two replicas. */
export async function clusterRedis(seatBrokers: number): Promise<RedisSite> {
  await using stack = new AsyncDisposableStack();
  const site = stack.use(await placed(PRIMARIES * (1 + REPLICAS), seatBrokers));
  const set = stack.use(await startRedisCluster({ replicas: REPLICAS, ...site.placing }));
  const servers = site.serversOf(set.nodes);
  let known: string | undefined;
  const seatsKey = async () => (known ??= await seatsKeyAmong(servers));
  const letGo = stack.move();
  return {
    topology: "cluster",
    urls: Array.from({ length: seatBrokers }, (_, number) =>
      set.url.replace("//:", `//${seatBrokerUser(number)}:`),
    ),
    links: [],
    hasClocks: site.hasClocks,
    primary: async () => ownerOf(set, servers, await seatsKey()),
    failover: {
      isolate: partition(site, servers, { seatBrokers, sentinels: [] }),
      rejoin: (server) => server.restart(),
      moveSeats: async () => moveSlot(set, await seatsKey()),
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function ownerOf(
  set: RedisCluster,
  servers: readonly SeatServer[],
  key: string,
): Promise<SeatServer> {
  const server = servers[set.nodes.indexOf(await set.primaryOf(key))];
  if (server === undefined) throw new Error("the nodes name a server that is unknown");
  return server;
}

/** Moves the slot of a key, with all that is in it, to another primary. */
async function moveSlot(set: RedisCluster, key: string): Promise<void> {
  const from = await set.primaryOf(key);
  const slot = Number(await ask(from, "CLUSTER", "KEYSLOT", key));
  const to = await otherPrimary(set, from);
  const [fromId, toId] = [await ask(from, "CLUSTER", "MYID"), await ask(to, "CLUSTER", "MYID")];
  await ask(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", String(fromId));
  await ask(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", String(toId));
  const password = decodeURIComponent(new URL(to.url).password);
  for (;;) {
    const keys = (await ask(from, "CLUSTER", "GETKEYSINSLOT", slot, 100)) as readonly string[];
    if (keys.length === 0) break;
    const way = ["127.0.0.1", to.port, "", 0, 5_000] as const;
    await ask(from, "MIGRATE", ...way, "AUTH", password, "KEYS", ...keys);
  }
  await ask(to, "CLUSTER", "SETSLOT", slot, "NODE", String(toId));
  await ask(from, "CLUSTER", "SETSLOT", slot, "NODE", String(toId));
}

async function otherPrimary(set: RedisCluster, than: RedisNode): Promise<RedisNode> {
  for (const node of set.nodes) {
    if (node === than) continue;
    const role = await ask(node, "ROLE").catch(() => undefined);
    const slots = await ask(node, "CLUSTER", "SLOTS").catch(() => []);
    const ports = (slots as readonly (readonly [number, number, readonly [string, number]])[]).map(
      ([, , [, port]]) => port,
    );
    if (Array.isArray(role) && role[0] === "master" && ports.includes(node.port)) return node;
  }
  throw new Error("there is no other primary");
}

function ask(
  { url }: RedisNode,
  command: string,
  ...args: readonly (string | number)[]
): Promise<unknown> {
  return withRedis(url, (redis) => redis.call(command, [...args]));
}
