import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { guardedFolder } from "./guarded-folder.ts";
import { askRedis, type RedisNode, startRedisNode } from "./redis-node.ts";
import type { RedisProgram } from "./redis-program.ts";
import { findRedis } from "./redis-programs.ts";
import { replicatedSettings, untilReplicated } from "./redis-replication.ts";
import { placingSettings, type ServerPlacing, sourceOf } from "./server-placing.ts";
import { until } from "./until.ts";

const PRIMARIES = 3;
const SLOTS = 16_384;
const FORM_LIMIT_MS = 20_000;

/** A Redis Cluster on loopback: three primaries, each with replicas. */
export interface RedisCluster extends AsyncDisposable {
  /** `redis+cluster://`, which names every node. */
  readonly url: string;
  /** For example `Redis 7.0.15`. */
  readonly version: string;
  readonly nodes: readonly RedisNode[];
  /** The primary that owns a key, as most nodes tell. */
  primaryOf(key: string): Promise<RedisNode>;
}

/** How many replicas there are, and how soon they take over. */
export interface RedisClusterOptions extends ServerPlacing {
  /** Of each primary; 1 unless told. It takes 2 to go on writing while a primary is away. */
  readonly replicas?: 1 | 2;
  /** `cluster-node-timeout` in milliseconds; 1500 unless told. */
  readonly nodeTimeoutMs?: number;
}

interface Member {
  readonly node: RedisNode & AsyncDisposable;
  /** The name the node gave itself. */
  readonly id: string;
  /** Where the other nodes talk to it. */
  readonly busPort: number;
}

/** Starts it empty; on return all slots are served, and writes are taken. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { replicas = 1, nodeTimeoutMs = 1_500 } = options;
  await using stack = new AsyncDisposableStack();
  const program = await findRedis();
  const { path } = stack.use(await guardedFolder("redis-cluster"));
  const password = randomBytes(16).toString("hex");
  const members: Member[] = [];
  for (let index = 0; index < PRIMARIES * (1 + replicas); index += 1) {
    const folder = join(path, `node-${index}`);
    const member = await startMember({ program, folder, password, nodeTimeoutMs }, options, index);
    members.push(member);
    stack.use(member.node);
  }
  await form(members, replicas);
  const nodes = members.map(({ node }) => node);
  const letGo = stack.move();
  return {
    url: `redis+cluster://:${password}@${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    version: program.version,
    nodes,
    primaryOf: (key) => primaryOf(nodes, key),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

async function startMember(
  site: {
    readonly program: RedisProgram;
    readonly folder: string;
    readonly password: string;
    readonly nodeTimeoutMs: number;
  },
  placing: ServerPlacing,
  number: number,
): Promise<Member> {
  await mkdir(site.folder);
  const { way } = placing;
  const ownBusPort = await freePort(); // its own choice, 10000 above its port, may be an ephemeral one
  const busPort = (await way?.(ownBusPort, number, "bus")) ?? ownBusPort;
  const node = await startRedisNode({
    ...site,
    preload: placing.preload?.(number),
    way: way && ((port) => way(port, number, "commands")),
    announce: (port) => ["cluster-announce-ip 127.0.0.1", `cluster-announce-port ${port}`],
    settings: [
      ...replicatedSettings(site.password),
      ...placingSettings(placing, site.password, sourceOf("data", number)),
      "cluster-enabled yes",
      `cluster-port ${ownBusPort}`,
      `cluster-announce-bus-port ${busPort}`,
      `cluster-node-timeout ${site.nodeTimeoutMs}`,
      // A shard that is away takes only its own keys away.
      "cluster-require-full-coverage no",
      // Each primary keeps its own replicas, also while another one has none.
      "cluster-allow-replica-migration no",
      // A replica takes over however long it has not heard from its primary.
      "cluster-replica-validity-factor 0",
    ],
  });
  const id = String(await askRedis(node.url, (redis) => redis.call("CLUSTER", "MYID")));
  return { node, id, busPort };
}

/** The first become primaries, the others their replicas in turn. */
async function form(members: readonly Member[], replicas: number): Promise<void> {
  const primaries = members.slice(0, PRIMARIES);
  for (const [index, { node }] of primaries.entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.ceil((part * SLOTS) / PRIMARIES));
    await askRedis(node.url, async (redis) => {
      await redis.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1); // only before it knows any other
      await redis.call("CLUSTER", "ADDSLOTSRANGE", Number(from), Number(to) - 1);
    });
  }
  await askRedis(primaries[0]?.node.url ?? "", async (redis) => {
    for (const { node, busPort } of members)
      await redis.call("CLUSTER", "MEET", "127.0.0.1", node.port, busPort);
  });
  await until("all nodes know each other", FORM_LIMIT_MS, async () => {
    const states = await Promise.all(members.map(({ node }) => stateOf(node)));
    return states.every((state) => state.ok && state.known === members.length) ? true : undefined;
  });
  for (const [index, { node }] of members.slice(PRIMARIES).entries()) {
    const primary = primaries[index % PRIMARIES];
    await askRedis(node.url, (redis) => redis.call("CLUSTER", "REPLICATE", primary?.id ?? ""));
  }
  await untilReplicated(
    primaries.map(({ node }) => node),
    replicas,
  );
}

async function stateOf({ url }: RedisNode) {
  const info = String(await askRedis(url, (redis) => redis.call("CLUSTER", "INFO")));
  return {
    ok: info.includes("cluster_state:ok"),
    known: Number(/cluster_known_nodes:(\d+)/.exec(info)?.[1]),
  };
}

async function primaryOf(nodes: readonly RedisNode[], key: string): Promise<RedisNode> {
  const told = await Promise.all(
    nodes.map(({ url }) => askRedis(url, (redis) => ownerTold(redis, key)).catch(() => undefined)),
  );
  const found = nodes.find(
    ({ port }) => told.filter((each) => each === port).length > nodes.length / 2,
  );
  if (found === undefined) throw new Error(`the nodes do not agree on who owns ${key}`);
  return found;
}

async function ownerTold(redis: Redis, key: string): Promise<number | undefined> {
  const slot = Number(await redis.call("CLUSTER", "KEYSLOT", key));
  const ranges = (await redis.call("CLUSTER", "SLOTS")) as readonly SlotRange[];
  return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
}

/** First slot, last slot, then host and port of the primary and of the replicas. */
type SlotRange = readonly [from: number, to: number, primary: readonly [string, number]];
