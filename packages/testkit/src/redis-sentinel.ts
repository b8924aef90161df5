import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { guardedFolder } from "./guarded-folder.ts";
import { askRedis, type RedisNode, type RedisNodeOptions, startRedisNode } from "./redis-node.ts";
import { findRedis } from "./redis-programs.ts";
import { replicatedSettings, untilReplicated } from "./redis-replication.ts";
import { placingSettings, type ServerPlacing, sourceOf } from "./server-placing.ts";
import { until } from "./until.ts";

const PRIMARY_NAME = "seats";
const SENTINELS = 3;
const START_LIMIT_MS = 20_000;

/** A primary with replicas on loopback, and the sentinels that watch them. */
export interface RedisSentinel extends AsyncDisposable {
  /** `redis+sentinel://`, with the credentials of both. */
  readonly url: string;
  /** For example `Redis 7.0.15`. */
  readonly version: string;
  /** The servers with data, whatever their role. */
  readonly nodes: readonly RedisNode[];
  readonly sentinels: readonly RedisNode[];
  /** The primary, as most sentinels tell. */
  primary(): Promise<RedisNode>;
}

/** How many replicas there are, and how soon they take over. */
export interface RedisSentinelOptions extends ServerPlacing {
  /** 1 unless told. It takes 2 to go on writing while a primary is away. */
  readonly replicas?: 1 | 2;
  /** Milliseconds of silence after which a sentinel takes the primary for gone; 1000 unless told. */
  readonly downAfterMs?: number;
}

/** Starts them empty; on return every sentinel knows of all others, and writes are taken. */
export async function startRedisSentinel(
  options: RedisSentinelOptions = {},
): Promise<RedisSentinel> {
  const { replicas = 1, downAfterMs = 1_000 } = options;
  await using stack = new AsyncDisposableStack();
  const program = await findRedis();
  const { path } = stack.use(await guardedFolder("redis-sentinel"));
  const password = randomBytes(16).toString("hex");
  const nodes: RedisNode[] = [];
  for (let index = 0; index <= replicas; index += 1) {
    const folder = join(path, `node-${index}`);
    await mkdir(folder);
    const [primary] = nodes;
    const settings = [
      ...replicatedSettings(password),
      ...placingSettings(options, password, sourceOf("data", index)),
      ...(primary === undefined ? [] : [`replicaof 127.0.0.1 ${primary.port}`]),
    ];
    const place = { preload: options.preload?.(index), way: wayTo(options, index), announce };
    const site = { program, folder, password, settings, ...place, ...fileIn(folder, "redis.conf") };
    nodes.push(stack.use(await startRedisNode(site)));
  }
  const [primary] = nodes;
  if (primary === undefined) throw new Error("no node was started");
  await untilReplicated([primary], replicas);
  const watched = { port: primary.port, password, downAfterMs };
  const sentinelPassword = randomBytes(16).toString("hex");
  const sentinels: RedisNode[] = [];
  for (let index = 0; index < SENTINELS; index += 1) {
    const folder = join(path, `sentinel-${index}`);
    const source = sourceOf("sentinel", index);
    const settings = placingSettings(options, sentinelPassword, source);
    const site = { program, folder, password: sentinelPassword, settings };
    sentinels.push(stack.use(await startSentinel(site, watched)));
  }
  await untilAcquainted(sentinels, replicas);
  const letGo = stack.move();
  return {
    url: urlOf(sentinels, password, sentinelPassword),
    version: program.version,
    nodes,
    sentinels,
    primary: () => primaryOf(sentinels, nodes),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

function wayTo({ way }: ServerPlacing, server: number) {
  return way && ((port: number) => way(port, server, "commands"));
}

/** A configuration that a server rewrites when sentinels give it another role, so that it keeps that. */
function fileIn(folder: string, name: string): Pick<RedisNodeOptions, "configFile" | "write"> {
  const configFile = join(folder, name);
  const write = (settings: string) => writeFile(configFile, settings, { mode: 0o600 });
  return { configFile, write };
}

function announce(port: number): readonly string[] {
  return ["replica-announce-ip 127.0.0.1", `replica-announce-port ${port}`];
}

async function startSentinel(
  site: Pick<RedisNodeOptions, "program" | "folder" | "password" | "settings">,
  watched: { readonly port: number; readonly password: string; readonly downAfterMs: number },
) {
  await mkdir(site.folder);
  return startRedisNode({
    ...site,
    ...fileIn(site.folder, "sentinel.conf"),
    args: ["--sentinel"],
    settings: [
      ...site.settings,
      // Not where it comes from.
      "sentinel announce-ip 127.0.0.1",
      `sentinel monitor ${PRIMARY_NAME} 127.0.0.1 ${watched.port} 2`,
      `sentinel auth-pass ${PRIMARY_NAME} ${watched.password}`,
      `sentinel sentinel-pass ${site.password}`,
      `sentinel down-after-milliseconds ${PRIMARY_NAME} ${watched.downAfterMs}`,
      `sentinel failover-timeout ${PRIMARY_NAME} ${5 * watched.downAfterMs}`,
      `sentinel parallel-syncs ${PRIMARY_NAME} 1`,
    ],
  });
}

/** They hear of each other and of the replicas from the primary, every 2 s and every 10 s. */
async function untilAcquainted(sentinels: readonly RedisNode[], replicas: number): Promise<void> {
  await until("sentinels know each other", START_LIMIT_MS, async () => {
    const facts = await Promise.all(
      sentinels.map(({ url }) =>
        askRedis(url, (redis) => redis.call("SENTINEL", "MASTER", PRIMARY_NAME)),
      ),
    );
    return facts.every(
      (reply) =>
        fieldOf(reply, "num-other-sentinels") === String(SENTINELS - 1) &&
        fieldOf(reply, "num-slaves") === String(replicas),
    )
      ? true
      : undefined;
  });
}

function fieldOf(reply: unknown, name: string): unknown {
  if (!Array.isArray(reply)) return undefined;
  const index: number = reply.indexOf(name);
  return index < 0 ? undefined : (reply[index + 1] as unknown);
}

async function primaryOf(
  sentinels: readonly RedisNode[],
  nodes: readonly RedisNode[],
): Promise<RedisNode> {
  const told = await Promise.all(
    sentinels.map(({ url }) =>
      askRedis(url, (redis) =>
        redis.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", PRIMARY_NAME),
      ).catch(() => undefined),
    ),
  );
  const ports = told.map((reply) => (Array.isArray(reply) ? Number(reply[1]) : undefined));
  const found = nodes.find(
    ({ port }) => ports.filter((each) => each === port).length > SENTINELS / 2,
  );
  if (found === undefined) throw new Error("the sentinels do not agree on a primary");
  return found;
}

function urlOf(sentinels: readonly RedisNode[], password: string, ofSentinels: string): string {
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",");
  return `redis+sentinel://:${password}@${hosts}/${PRIMARY_NAME}?sentinel-password=${ofSentinels}`;
}
